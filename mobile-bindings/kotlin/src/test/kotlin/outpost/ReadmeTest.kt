package outpost

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayOutputStream
import java.io.PrintStream

/** The README's lines, pasted by the `test` script into a file of their own, do what the README says. */
class ReadmeTest {
    @Test
    fun `the lines work when pasted`() {
        House().use { house ->
            val said = spoken { runBlocking { readme(house.folder().path, house.code("u-3")) } }
            assertTrue(Regex("""on duty since \d+""").containsMatchIn(said), said)
            assertTrue("SETTLED, 0 left" in said, said)
        }
    }

    @Test
    fun `the sample does an engineer's errands`() {
        House().use { house ->
            val folder = house.folder().path
            fun errand(vararg words: String) = spoken { runBlocking { field(listOf(folder, *words)) } }
            assertTrue("工程师03" in errand("enrol", house.code("u-3")) + errand("sync") + errand("today"))
            val number = "0095"
            for (words in listOf("in", "reach $number", "go $number", "arrive $number", "cause $number 模块进水", "done $number")) {
                val said = errand(*words.split(" ").toTypedArray())
                assertTrue("kept" in said, "$words: $said")
            }
            val file = house.folder().path
            assertTrue("steps sealed" in errand("rescue", file) && "u-3" in house.cli("rescue", "open", file))
            assertTrue("SETTLED" in errand("sync"))
            assertTrue("nothing" in errand("waiting"))
            assertEquals("", house.cli("verify").lines().filter { "damage" in it }.joinToString())
        }
    }

    private fun spoken(work: () -> Unit): String {
        val before = System.out
        val heard = ByteArrayOutputStream()
        System.setOut(PrintStream(heard, true, Charsets.UTF_8))
        try {
            work()
        } finally {
            System.setOut(before)
        }
        return heard.toString(Charsets.UTF_8)
    }
}
