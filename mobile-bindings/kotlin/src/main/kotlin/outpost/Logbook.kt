package outpost

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ProducerScope
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emptyFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import outpost.core.Change
import outpost.core.LogbookCore
import outpost.core.Observer
import outpost.core.SyncRun
import outpost.core.SyncStep
import outpost.model.EntryId
import outpost.model.Hash
import outpost.model.Lang
import outpost.model.PageId
import outpost.model.Place
import outpost.model.Day
import outpost.model.Month
import outpost.views.*
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.TimeSource

/**
 * One phone's logbook. Everything suspends and runs off the main thread; what is captured is on disk when [capture]
 * returns. Troubles are thrown as [outpost.core.Trouble], a sealed class: see [told].
 */
class Logbook private constructor(
    private val core: LogbookCore,
    private val io: CoroutineDispatcher,
) : AutoCloseable {
    /** Calls to the network go on here when whoever waits for them is gone. */
    private val calls = CoroutineScope(SupervisorJob() + io)
    private val syncing = Mutex()
    private var lastStep: Job? = null

    /** Takes the invitation from headquarters. Capture can begin at once; the first sync redeems its code. */
    suspend fun enrol(invitation: String): String = ask { enrol(invitation) }

    suspend fun standing(): Standing = ask { standing() }
    suspend fun today(): Today = ask { today() }
    suspend fun orders(): List<OrderLine> = ask { orders() }
    suspend fun order(page: PageId): Order? = ask { order(page) }
    suspend fun visit(page: PageId): Visit? = ask { visit(page) }
    /** What the customer is shown before he signs. */
    suspend fun glass(visit: PageId, lang: Lang): Glass? = ask { glass(visit, lang) }
    suspend fun proof(visit: PageId): Proof? = ask { proof(visit) }
    /** A month, or the one that is now. */
    suspend fun month(month: Month? = null): AttendanceMonth = ask { month(month) }
    suspend fun report(day: Day): DayReport = ask { report(day) }
    /** How far each captured thing got, and what was refused and why. */
    suspend fun syncView(): SyncView = ask { syncView() }
    suspend fun me(): Me = ask { me() }
    /** The forms that somebody may begin. */
    suspend fun forms(): List<FormChoice> = ask { forms() }
    /** One form as it is filled in. */
    suspend fun form(key: FormKey): FilledForm? = ask { form(key) }
    suspend fun parts(query: String): List<CataloguePart> = ask { parts(query) }
    suspend fun customers(query: String): List<CustomerHit> = ask { customers(query) }
    /** Bytes of a photo or of strokes, while this phone holds them. */
    suspend fun file(hash: Hash): ByteArray? = ask { file(hash) }

    /** Logs an act; it is on disk when this returns. [photo]: the bytes of [Act.Photo]. */
    suspend fun capture(act: Act, photo: ByteArray? = null): Captured = ask { capture(act, photo) }
    /** The place came after the tap. */
    suspend fun locate(entry: EntryId, place: Place) = ask { locate(entry, place) }
    /** Asks the host's locator, and gives the entry the place that it finds; false where it finds none. */
    suspend fun findPlace(entry: EntryId): Boolean = ask { findPlace(entry) }
    /** Takes an act back by its number: off the disk where nobody can have seen it, else by an entry that voids it. */
    suspend fun takeBack(no: UInt) = ask { takeBack(no) }
    /** Asks again for what was refused, knowing what was decided meanwhile. */
    suspend fun askAgain(no: UInt) = ask { askAgain(no) }

    /** All that was refused, as JSON lines with the raw bytes. */
    suspend fun exportQuarantine(): ByteArray = ask { exportQuarantine() }
    /** Everything that is only on this phone, as JSON lines. */
    suspend fun exportAll(): ByteArray = ask { exportAll() }

    /**
     * What headquarters hasn't got, signed and sealed, into that file: for a phone that can't sync any more. For a store
     * that can't be opened there is [outpost.core.rescueDamaged].
     */
    suspend fun rescue(path: String): RescueReport = ask { rescue(path) }

    /** What has changed, as it changes. Only the latest waits for a slow reader. */
    val changes: Flow<Change> = observed { }.conflate()

    /** A view now, and anew whenever something changes: `logbook.watch { today() }`. */
    fun <T> watch(view: suspend Logbook.() -> T): Flow<T> =
        // Observed first and looked at then: what changes in between is told.
        observed { trySend(Change.LOGGED) }.conflate().map { view() }.distinctUntilChanged()

    private fun observed(begun: ProducerScope<Change>.() -> Unit): Flow<Change> = callbackFlow {
        val number = core.observe(object : Observer {
            override fun changed(change: Change) {
                trySend(change)
            }
        })
        begun()
        awaitClose { core.stopObserving(number) }
    }

    /**
     * One sync, step by step; each step is durable by itself, and the last says how it ended. Whoever stops collecting
     * cancels it: the next sync goes on from what is on disk. A second one waits for the first.
     */
    fun syncSteps(): Flow<SyncStep> = flow {
        syncing.withLock {
            // The last call of a sync that was cancelled may still be out.
            lastStep?.join()
            core.beginSync().use { run ->
                try {
                    do {
                        val step = step(run)
                        emit(step)
                    } while (step.end == null)
                } finally {
                    run.cancel()
                }
            }
        }
    }

    /** One sync to its end. */
    suspend fun sync(): SyncEnd {
        var end: SyncEnd? = null
        syncSteps().collect { step -> end = step.end }
        return checkNotNull(end) { "a sync ends by saying how" }
    }

    /**
     * As many steps as fit a background window: none is begun after [window] has passed. What is left is for the next
     * window; null is in [SyncStep.end] then.
     */
    suspend fun syncFor(window: Duration): SyncStep {
        val began = TimeSource.Monotonic.markNow()
        return syncSteps().first { it.end != null || began.elapsedNow() >= window }
    }

    /**
     * Keeps this phone synced until it is cancelled: now, after what is logged, and [every] so often. After a failure it
     * rests as long as the core says, longer each time and never like the phone beside it. [online] tells that there is a
     * network again, which ends a rest.
     */
    suspend fun keepSynced(every: Duration = 15.minutes, online: Flow<Unit> = emptyFlow()): Unit = coroutineScope {
        val logged = Channel<Unit>(Channel.CONFLATED)
        val network = Channel<Unit>(Channel.CONFLATED)
        launch { changes.collect { if (it == Change.LOGGED) logged.send(Unit) } }
        launch { online.collect { network.send(Unit) } }
        while (true) {
            val rest = sync().againInS?.toInt()?.seconds
            withTimeoutOrNull(rest ?: every) {
                select {
                    network.onReceive { delay(core.restAfterReconnecting().toInt().seconds) }
                    if (rest == null) logged.onReceive { delay(aMoment) }
                }
            }
        }
    }

    /** Lets go of photos that are at headquarters; says how many bytes that freed. */
    suspend fun freeFiles(): ULong = ask { freeFiles() }

    /** What the next sync would send. */
    suspend fun leftToSend(): Left = ask { leftToSend() }

    /** The system is about to freeze or kill the app: no file stays open, no lock is kept. The next call opens again. */
    fun rest() = core.suspend()

    override fun close() {
        core.shut()
        core.destroy()
    }

    private suspend fun <T> ask(work: LogbookCore.() -> T): T = withContext(io) { core.work() }

    /** A step's call can't be broken off; whoever is cancelled doesn't wait for it. */
    private suspend fun step(run: SyncRun): SyncStep {
        val step = calls.async { run.step() }
        lastStep = step
        return step.await()
    }

    companion object {
        /** Taps come in a row: one sync takes them all. */
        private val aMoment = 2.seconds

        /** Opens the logbook of that host's folder, or begins one. */
        suspend fun open(host: Host, io: CoroutineDispatcher = Dispatchers.IO): Logbook =
            withContext(io) { Logbook(LogbookCore.open(host.lent()), io) }

        /** What a problem's code means, in both languages. */
        fun sentence(code: String): Sentence = outpost.core.sentence(code)
    }
}
