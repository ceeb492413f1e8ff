package outpost

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import outpost.views.Act
import outpost.views.SyncOutcome
import java.io.File

/** What a phone does in a process of its own, so that the process can be killed. */
object Doomed {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        val (folder, code) = arguments
        val logbook = Logbook.open(Host(folder, "test 1"))
        logbook.enrol(code)
        repeat(10) {
            logbook.capture(Act.Task((it + 1).toUInt(), "before the end"))
            println("kept ${it + 1}")
        }
        logbook.syncSteps().collect { println("step ${it.left.steps}") }
        println("through")
        Thread.sleep(60_000)
    }
}

class KilledTest {
    /** Runs the doomed one until it has said so many lines of that kind, then kills it. */
    private fun killedAfter(lines: Int, kind: String, folder: File, code: String) {
        val java = File(System.getProperty("java.home"), "bin/java").path
        val classes = System.getProperty("java.class.path")
        val process = ProcessBuilder(java, "-cp", classes, Doomed::class.java.name, folder.path, code)
            .redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val said = process.inputStream.bufferedReader()
        var seen = 0
        while (seen < lines) {
            val line = said.readLine() ?: break
            if (line.startsWith(kind)) seen += 1
        }
        process.destroyForcibly().waitFor()
        assertEquals(lines, seen)
    }

    @Test
    fun `a process killed anywhere has lost nothing, and sends nothing twice`() = runBlocking {
        House().use { house ->
            for ((user, kind, lines) in listOf(Triple("u-3", "kept", 10), Triple("u-5", "step", 2))) {
                val folder = house.folder()
                killedAfter(lines, kind, folder, house.code(user))
                Logbook.open(Host(folder.path, "test 1")).use { phone ->
                    val report = phone.report(phone.today().report.day)
                    assertEquals(10, report.tasks.size, "killed after $lines × $kind")
                    while (phone.sync().outcome != SyncOutcome.SETTLED) Unit
                    assertEquals(0u, phone.leftToSend().steps)
                    assertTrue(phone.syncView().refused.isEmpty())
                    assertEquals(10, phone.report(report.day).tasks.size)
                }
            }
            val daily = house.cli("export", "daily", "--format", "jsonl").lines().filter { it.isNotBlank() }
            assertTrue(daily.isNotEmpty() && daily.filter { "u-3" in it || "u-5" in it }.all { "55" in it }, "$daily")
            house.cli("verify")
        }
        Unit
    }
}
