package outpost

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import java.nio.file.Path
import java.security.SecureRandom
import java.util.concurrent.TimeUnit

/**
 * A relay of its own in a folder of its own, with a station, two engineers, a customer, a unit and an order to go to.
 * The environment's `OUTPOST` names the binary.
 */
class House : AutoCloseable {
    private val home: Path = Files.createTempDirectory("outpost-kotlin-")
    private val data = home.resolve("data").toString()
    private val client = HttpClient.newHttpClient()
    private var phones = 0
    private val serving: Process
    val server: String
    private val session: String
    val order: String

    init {
        serving = ProcessBuilder(binary, "serve", "--data", data, "--listen", "127.0.0.1:0", "--tenant", tenant)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .also { it.environment()["OUTPOST_LOG"] = "warn" }
            .start()
        val said = StringBuilder()
        val lines = serving.inputStream.bufferedReader()
        while ("Stop with Ctrl-C" !in said) {
            said.appendLine(lines.readLine() ?: error("outpost serve ended: $said"))
        }
        Thread { lines.forEachLine { } }.apply { isDaemon = true }.start()
        val port = Regex("""at http://127\.0\.0\.1:(\d+)""").find(said)!!.groupValues[1]
        server = "http://127.0.0.1:$port"
        val password = Regex("""password[^A-Z0-9]*([A-Z0-9-]{8,})""").find(said)!!.groupValues[1]
        session = Regex(""""session":"([^"]+)"""")
            .find(post("/v1/session", """{"user":"hq","password":"$password"}""", null))!!.groupValues[1]
        ask("""{"type":"put_station","station":{"station":"st-1","name":"济南驻点","lat_e7":366500000,"lng_e7":1170000000}}""")
        for ((user, name) in listOf("u-3" to "工程师03", "u-5" to "工程师05")) {
            ask("""{"type":"put_person","person":{"user":"$user","name":"$name","role":"engineer","station":"st-1","active":true}}""")
        }
        ask("""{"type":"place_customer","customer":"C-QD","station":"st-1","distance_km":120}""")
        write("""{"kind":"customer","customer":"C-QD","tenant":"$tenant","v":1}""", "name" to "青岛化工", "phone" to "+8653100000000")
        write("""{"kind":"asset","asset":"A-850","tenant":"$tenant","v":1}""", "customer" to "C-QD", "model" to "XH-850")
        ask("""{"type":"put_part","part":{"part_no":"P-1003","name":"PLC 输入模块 DI16","unit_price":105000,"active":true}}""")
        order = open("WO-20261020-0095", "u-3")
    }

    /** An order of the customer's, dispatched to that engineer. */
    fun open(number: String, to: String): String {
        val order = id()
        act(
            """"ask":{"type":"open","order":"$order","number":"$number","customer":"C-QD","asset":"A-850","service_type":"B"},
            "write":{"seen":"now","header":{"kind":"order","id":"$order","tenant":"$tenant","v":1},
            "entries":[[null,{"type":"register","channel":"phone","fault_code":"E204","fault":"开机报警 E204"}]]}""",
        )
        ask("""{"type":"assign","order":"$order","to":"$to"}""")
        return order
    }

    fun ask(ask: String) = act(""""ask":$ask""")

    private fun write(header: String, vararg fields: Pair<String, String>) {
        val sets = fields.joinToString(",") { (field, value) -> """[null,{"type":"set","field":"$field","value":"$value"}]""" }
        act(""""write":{"seen":"now","header":$header,"entries":[$sets]}""")
    }

    /** Decided as things stand now, whatever that is. */
    private fun act(body: String) {
        post("/v1/commands", """{"id":"${id()}","after":"now","heads":"now",$body}""", session)
    }

    private fun post(path: String, body: String, session: String?): String {
        val request = HttpRequest.newBuilder(URI(server + path)).header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
        if (session != null) request.header("authorization", "Bearer $session")
        val answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
        check(answer.statusCode() < 300) { "$path ${answer.statusCode()} ${answer.body()}" }
        return answer.body()
    }

    /** The binary's own command on this folder, and what it said. */
    fun cli(vararg arguments: String): String {
        val process = ProcessBuilder(binary, *arguments, "--data", data).redirectError(ProcessBuilder.Redirect.INHERIT).start()
        val said = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "outpost ${arguments.joinToString(" ")}: $said" }
        return said
    }

    /** What was handed in last, step by step. */
    fun lastReview(): String = cli("review", "show", cli("review", "list").lines()[1].substringBefore(' '))

    fun code(user: String): String = Regex("""OUTPOST1:\S+""").find(cli("device", "code", "--user", user, "--server", server))!!.value

    fun folder(): File = home.resolve("phone-${++phones}").toFile()

    /** A phone's logbook, somebody's. */
    suspend fun phone(user: String, folder: File = folder(), host: (File) -> Host = { Host(it.path, "test 1") }): Logbook {
        val logbook = Logbook.open(host(folder))
        logbook.enrol(code(user))
        return logbook
    }

    override fun close() {
        serving.destroy()
        serving.waitFor(10, TimeUnit.SECONDS)
        home.toFile().deleteRecursively()
    }

    companion object {
        const val tenant = "acme"
        val binary: String = System.getenv("OUTPOST") ?: File("../../target/debug/outpost").absolutePath

        /** A UUIDv7. */
        fun id(): String {
            val bytes = ByteArray(16).also { SecureRandom().nextBytes(it) }
            val now = System.currentTimeMillis()
            for (n in 0..5) bytes[n] = (now shr (40 - 8 * n)).toByte()
            bytes[6] = (0x70 or (bytes[6].toInt() and 0x0f)).toByte()
            bytes[8] = (0x80 or (bytes[8].toInt() and 0x3f)).toByte()
            val hex = bytes.joinToString("") { "%02x".format(it) }
            return listOf(0 to 8, 8 to 12, 12 to 16, 16 to 20, 20 to 32).joinToString("-") { (from, to) -> hex.substring(from, to) }
        }
    }
}
