// A field client for the command line: read this first. Each run opens the logbook, does one errand, and closes it;
// whatever it logs is on disk before it says so, with or without a network.
//
//   field <folder> enrol OUTPOST1:…      field <folder> in | out
//   field <folder> today | orders        field <folder> reach | go | arrive <number>
//   field <folder> sync | waiting        field <folder> cause <number> <text> … | done <number>

package outpost

import kotlinx.coroutines.runBlocking
import outpost.core.Trouble
import outpost.model.Lang
import outpost.model.Reach
import outpost.model.VisitResult
import outpost.views.Act
import outpost.views.OrderLine
import outpost.views.Standing
import java.time.Instant
import kotlin.system.exitProcess

fun main(arguments: Array<String>) = runBlocking {
    if (arguments.size < 2) {
        System.err.println("field <folder> enrol|today|orders|in|out|reach|go|arrive|cause|done|sync|waiting|rescue …")
        exitProcess(2)
    }
    try {
        field(arguments.toList())
    } catch (trouble: Trouble) {
        // Every trouble says what to do, in both languages, and has a code that never changes.
        System.err.println("${trouble.told.sentence(Lang.EN)} [${trouble.told.code}] ${trouble.told.detail}")
        exitProcess(1)
    }
}

suspend fun field(words: List<String>) {
    Logbook.open(Host(folder = words[0], app = "field 0.1")).use { logbook ->
        val rest = words.drop(2)
        when (words[1]) {
            "enrol" -> println("enrolled at ${logbook.enrol(rest.single())}; sync to be known there")
            "today" -> today(logbook)
            "orders" -> logbook.orders().forEach(::show)
            "in" -> kept(logbook, Act.ClockIn(place = null))
            "out" -> kept(logbook, Act.ClockOut(place = null))
            "reach" -> {
                val order = logbook.find(rest[0])
                kept(logbook, Act.Contact(order.page, Reach.REACHED, note = "", appointment = null))
            }
            "go" -> kept(logbook, Act.Depart(logbook.find(rest[0]).page))
            "arrive" -> kept(logbook, Act.Arrive(logbook.visitOf(rest[0]), place = null))
            "cause" -> kept(logbook, Act.Set(logbook.find(rest[0]).page, "fault_cause", rest.drop(1).joinToString(" ")))
            "done" -> kept(logbook, Act.Leave(logbook.visitOf(rest[0]), VisitResult.FIXED))
            "sync" -> sync(logbook)
            "waiting" -> waiting(logbook)
            // For a phone that can't sync any more: sealed to headquarters, to be carried by any way.
            "rescue" -> println("${logbook.rescue(rest[0]).steps} steps sealed into ${rest[0]}")
            else -> println("no such errand: ${words[1]}")
        }
    }
}

private suspend fun kept(logbook: Logbook, act: Act) {
    val captured = logbook.capture(act)
    println("kept, number ${captured.no}; take it back with that number while it is unsent")
}

private suspend fun today(logbook: Logbook) {
    val owner = (logbook.standing() as? Standing.Ready)?.owner ?: return println("nobody's phone")
    val today = logbook.today()
    val since = today.duty.since?.let { "on duty since ${Instant.ofEpochMilli(it)}" } ?: "off duty"
    println("${owner.name}, ${owner.station}: $since; ${today.outbox.kept} on this phone only")
    today.orders.forEach(::show)
    today.next?.let { println("next: ${it.act} ${it.customer.orEmpty()}") }
}

private fun show(order: OrderLine) {
    val due = order.limit?.let { "${it.kind} by ${Instant.ofEpochMilli(it.due)}" } ?: ""
    println("${order.number}  ${order.state}  ${order.customer}  ${order.model}  ${order.fault}  $due")
}

private suspend fun Logbook.find(number: String): OrderLine =
    orders().first { it.number.endsWith(number) }

/** The visit to that order that was begun last. */
private suspend fun Logbook.visitOf(number: String): String =
    order(find(number).page)!!.visits.last().page

private suspend fun sync(logbook: Logbook) {
    logbook.syncSteps().collect { step ->
        println("${step.left.steps} steps and ${step.left.files} files left")
        step.end?.let { println("${it.outcome} ${it.code} ${it.detail}") }
    }
}

private suspend fun waiting(logbook: Logbook) {
    val view = logbook.syncView()
    view.waiting.forEach { println("${it.no}  ${it.act}  ${it.about}  ${it.state}") }
    view.refused.forEach { println("refused ${it.no}  ${it.act}  ${it.why.en}  ${it.detail}") }
    if (view.waiting.isEmpty() && view.refused.isEmpty()) println("nothing waits")
}
