package outpost

import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.produceIn
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestInstance
import outpost.core.HttpAnswer
import outpost.core.HttpHeader
import outpost.core.HttpRequest
import outpost.core.PowerReading
import outpost.core.Transport
import outpost.core.TransportTrouble
import outpost.core.Trouble
import outpost.model.Lang
import outpost.model.OrderState
import outpost.model.PayMethod
import outpost.model.Place
import outpost.model.Reach
import outpost.model.ServiceType
import outpost.model.VisitResult
import outpost.views.Act
import outpost.views.NewPart
import outpost.views.NewSignature
import outpost.views.NextAct
import outpost.views.Standing
import outpost.views.SyncOutcome
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpResponse
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Stories of engineers, each on phones of his own, against one relay that really runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoriesTest {
    private val house = House()

    @AfterAll
    fun end() = house.close()

    private fun story(tell: suspend () -> Unit) = runBlocking { withTimeout(120.seconds) { tell() } }

    /** The host's own way to the server; it counts calls, and can be held or broken. */
    private class Line : Transport {
        private val client = HttpClient.newHttpClient()
        val calls = AtomicInteger()
        @Volatile var isDown = false
        @Volatile var hold: CompletableDeferred<Unit>? = null
        val held = CompletableDeferred<Unit>()

        override fun call(request: HttpRequest): HttpAnswer {
            calls.incrementAndGet()
            if (isDown) throw TransportTrouble.Unreachable("no network here")
            hold?.let { held.complete(Unit); runBlocking { it.await() } }
            val sent = java.net.http.HttpRequest.newBuilder(URI(request.url))
                .method(request.method, java.net.http.HttpRequest.BodyPublishers.ofByteArray(request.body))
            request.headers.forEach { sent.header(it.name, it.value) }
            val answer = client.send(sent.build(), HttpResponse.BodyHandlers.ofByteArray())
            val headers = answer.headers().map().flatMap { (name, values) -> values.map { HttpHeader(name, it) } }
            return HttpAnswer(answer.statusCode().toUShort(), headers, answer.body())
        }
    }

    @Test
    fun `an engineer's day happens offline and is at headquarters after a sync`() = story {
        val line = Line()
        house.phone("u-3") { Host(it.path, "test 1", noBackupFolder = it.resolve("apart").path, transport = line) }.use { phone ->
            assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
            val owner = (phone.standing() as Standing.Ready).owner
            assertEquals("工程师03", owner.name)
            line.isDown = true
            assertEquals(NextAct.CLOCK_IN, phone.today().next?.act)
            val clockIn = phone.capture(Act.ClockIn(place = null))
            phone.locate(clockIn.entry!!, Place(latE7 = 366_500_000, lngE7 = 1_171_200_000, accuracyM = 12u, mock = false))
            val line0 = phone.orders().single { it.number == "WO-20261020-0095" }
            assertEquals("青岛化工", line0.customer)
            phone.capture(Act.Contact(house.order, Reach.REACHED, note = "下午到", appointment = null))
            assertEquals(NextAct.DEPART, phone.order(house.order)!!.next?.act)
            val visit = phone.capture(Act.Depart(house.order)).visit!!
            phone.capture(Act.Arrive(visit, place = null))
            phone.capture(Act.Set(house.order, "fault_cause", "模块进水"))
            phone.capture(Act.UsePart(visit, NewPart("P-1003", "PLC 输入模块 DI16", 1u, 105_000, false, "OLD-1", "NEW-1"), replaces = null))
            val photo = byteArrayOf(0xff.toByte(), 0xd8.toByte(), 0xff.toByte(), 0xe0.toByte(), 1, 2, 3)
            phone.capture(Act.Photo(visit, "模块"), photo)
            phone.capture(Act.Leave(visit, VisitResult.FIXED))
            val glass = phone.glass(visit, Lang.ZH)!!
            val signed = NewSignature("李工", "M1 1L9 9", 5u, "很好", Lang.ZH, typed = null, digest = glass.digest)
            phone.capture(Act.Sign(visit, signed))
            assertEquals("李工", phone.proof(visit)!!.signed.name)
            assertEquals(SyncOutcome.NO_ANSWER, phone.sync().outcome)
            assertTrue(phone.leftToSend().steps >= 9u, "${phone.leftToSend()}")
            line.isDown = false
            assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
            val left = phone.leftToSend()
            assertEquals(0u, left.steps)
            assertEquals(OrderState.SIGNED, phone.order(house.order)!!.line.state)
            assertTrue(phone.syncView().refused.isEmpty())
        }
        val orders = house.cli("export", "orders")
        assertTrue("WO-20261020-0095" in orders && ",5," in orders, orders)
        assertTrue("P-1003" in house.cli("export", "parts"))
    }

    @Test
    fun `what was refused says why, stays, and can be carried out`() = story {
        // A company of its own: its policy changes.
        House().use { house ->
            house.phone("u-5").use { phone ->
                phone.sync()
                val opened = phone.capture(Act.OpenOrder("C-QD", "A-850", "异响", ServiceType.C))
                assertTrue(phone.orders().single { it.page == opened.order }.provisional)
                house.ask("""{"type":"put_policy","policy":$selfOpenForbidden}""")
                assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
                val refused = phone.syncView().refused
                val why = refused.first { it.code == "self_open_forbidden" }.why
                assertTrue(why.zh.isNotEmpty() && why.en.isNotEmpty(), "$refused")
                assertTrue("self_open_forbidden" in phone.exportQuarantine().decodeToString())
                // The phone knows by now, and says so beside the button.
                val again = Act.OpenOrder("C-QD", null, "再试", ServiceType.C)
                val denied = runCatching { phone.capture(again) }.exceptionOrNull() as Trouble.Denied
                assertEquals("self_open_forbidden", denied.told.code)
                assertEquals(why.zh, (denied as Trouble).told.sentence(Lang.ZH))
            }
        }
    }

    @Test
    fun `a sync that is cancelled leaves at once, and the next goes on`() = story {
        val line = Line()
        house.phone("u-5") { Host(it.path, "test 1", transport = line) }.use { phone ->
            phone.sync()
            repeat(3) { phone.capture(Act.Task(10u, "task $it")) }
            val gate = CompletableDeferred<Unit>()
            line.hold = gate
            kotlinx.coroutines.coroutineScope {
                val sync = launch(Dispatchers.Default) { phone.sync() }
                line.held.await()
                withTimeout(2.seconds) { sync.cancelAndJoin() }
                // The call is still out; the logbook answers all the same.
                assertEquals(3u, phone.today().outbox.let { it.kept + it.sending })
                line.hold = null
                gate.complete(Unit)
            }
            assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
            assertEquals(0u, phone.leftToSend().steps)
        }
        val work = house.cli("export", "daily", "--format", "jsonl").lines().filter { "u-5" in it }
        assertTrue(work.isNotEmpty(), "the tasks have arrived")
    }

    @Test
    fun `steps fit a window, each durable by itself`() = story {
        house.phone("u-5").use { phone ->
            phone.capture(Act.Task(5u, "before any contact"))
            val first = phone.syncFor(0.milliseconds)
            assertNull(first.end, "a window of nothing takes one step")
            assertTrue(first.left.steps >= 1u)
            var windows = 1
            while (phone.syncFor(1.milliseconds).end?.outcome != SyncOutcome.SETTLED) {
                windows += 1
                assertTrue(windows < 20)
            }
            assertEquals(0u, phone.leftToSend().steps)
        }
    }

    @Test
    fun `photos wait while power is low`() = story {
        var low = true
        val power = object : outpost.core.Power {
            override fun read() = PowerReading(low, metered = false)
        }
        house.phone("u-5") { Host(it.path, "test 1", power = power) }.use { phone ->
            val order = house.open("WO-20261020-0096", "u-5")
            phone.sync()
            val visit = phone.capture(Act.Depart(order)).visit!!
            phone.capture(Act.Photo(visit, "x"), byteArrayOf(0xff.toByte(), 0xd8.toByte(), 0xff.toByte(), 0xe0.toByte(), 9))
            assertEquals(SyncOutcome.FILES_WAIT, phone.sync().outcome)
            assertEquals(0u to 1u, phone.leftToSend().let { it.steps to it.files })
            low = false
            assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
            assertEquals(0u, phone.leftToSend().files)
        }
    }

    @Test
    fun `fifty calls at once each get their answer`() = story {
        house.phone("u-5").use { phone ->
            phone.sync()
            val before = phone.syncView().waiting.size
            kotlinx.coroutines.coroutineScope {
                val all = (1..50).map { n ->
                    async(Dispatchers.Default) {
                        when (n % 5) {
                            0 -> phone.today().outbox.kept.toInt()
                            1 -> phone.orders().size
                            2 -> phone.month(null).days.size
                            3 -> phone.syncView().waiting.size
                            else -> phone.capture(Act.Task(n.toUInt(), "at once")).no.toInt()
                        }
                    }
                }
                assertEquals(50, all.awaitAll().size)
            }
            assertEquals(before + 10, phone.syncView().waiting.size)
            assertEquals(SyncOutcome.SETTLED, phone.sync().outcome)
        }
    }

    @Test
    fun `who keeps synced rests after a failure, and goes on when there is a network`() = story {
        val line = Line()
        house.phone("u-5") { Host(it.path, "test 1", transport = line) }.use { phone ->
            phone.sync()
            line.isDown = true
            val network = MutableSharedFlow<Unit>(extraBufferCapacity = 1)
            kotlinx.coroutines.coroutineScope {
                val before = line.calls.get()
                val keeping = launch { phone.keepSynced(online = network) }
                phone.capture(Act.Task(3u, "while there is none"))
                phone.capture(Act.Task(4u, "while there is none"))
                delay(3.seconds)
                assertEquals(1, line.calls.get() - before, "the first rest is five seconds at least")
                line.isDown = false
                network.emit(Unit)
                while (phone.leftToSend().steps > 0u) delay(100.milliseconds)
                // What is logged then goes up by itself.
                phone.capture(Act.Task(5u, "with a network"))
                while (phone.leftToSend().steps > 0u) delay(100.milliseconds)
                keeping.cancelAndJoin()
            }
        }
    }

    @Test
    fun `a phone that was replaced hands in what it held, and what it logs then is carried in a file`() = story {
        House().use { house ->
            house.phone("u-5").use { phone ->
                phone.sync()
                val device = (phone.standing() as Standing.Ready).owner.device
                phone.capture(Act.Task(7u, "held back"))
                house.cli("device", "revoke", device, "--reason", "replaced")
                assertEquals(SyncOutcome.REVOKED, phone.sync().outcome)
                assertTrue((phone.standing() as Standing.Revoked).handedIn)
                assertTrue("held back" in house.lastReview())
                // The way by the network is good once.
                phone.capture(Act.Task(8u, "carried by hand"))
                assertEquals(SyncOutcome.REVOKED, phone.sync().outcome)
                assertFalse("carried by hand" in house.lastReview())
                val file = house.folder().path
                val report = phone.rescue(file)
                assertEquals(2u to true, report.steps to report.signed)
                house.cli("rescue", "open", file)
                assertTrue("carried by hand" in house.lastReview())
            }
        }
    }

    @Test
    fun `a view is told anew when something changes`() = story {
        house.phone("u-5").use { phone ->
            kotlinx.coroutines.coroutineScope {
                val duty = phone.watch { today().duty.since != null }.produceIn(this)
                assertFalse(duty.receive())
                phone.capture(Act.ClockIn(place = null))
                assertTrue(duty.receive())
                duty.cancel()
            }
        }
    }

    @Test
    fun `at rest no file is open, and the next call opens them`() = story {
        val folder = house.folder()
        house.phone("u-5", folder).use { phone ->
            phone.capture(Act.ClockIn(place = null))
            phone.rest()
            assertFalse(folder.resolve("store/outpost.db-wal").exists())
            assertNotNull(phone.today().duty.since)
        }
    }

    @Test
    fun `what the host throws is told, and nothing is lost`() = story {
        val line = object : Transport {
            override fun call(request: HttpRequest): HttpAnswer = error("a fault of the app's own")
        }
        house.phone("u-5") { Host(it.path, "test 1", transport = line) }.use { phone ->
            phone.capture(Act.Task(1u, "kept"))
            val end = phone.sync()
            assertEquals(SyncOutcome.NO_ANSWER, end.outcome)
            assertTrue("a fault of the app's own" in end.detail, end.detail)
            assertTrue(phone.leftToSend().steps >= 1u)
        }
    }

    private val selfOpenForbidden = """{"version":2,"zone":"Asia/Shanghai","self_open":false,"cash":"forbidden",
        "lock_after_days":14,"attendance":{"current":"2026-11","closes_on":26,"work_start_min":510,"work_end_min":1050,
        "grace_min":10,"weekend":[6,7],"holidays":[]},"sla":{"reply_hours":24,
        "arrival":[{"max_km":300,"hours":24},{"max_km":1000,"hours":48},{"hours":72}]}}"""
}
