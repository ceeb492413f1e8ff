package outpost

import outpost.core.Clock
import outpost.core.ClockReading
import outpost.core.Keystore
import outpost.core.Locator
import outpost.core.Power
import outpost.core.Transport
import java.util.TimeZone

/**
 * Where the logbook lies, and what the platform does for it.
 *
 * On Android: `folder = context.filesDir.resolve("outpost").path`, `noBackupFolder = context.noBackupFilesDir.path`, and
 * a [keystore] over the system's.
 *
 * @param folder the app's own folder.
 * @param app name and version of the app, for headquarters' list of phones.
 * @param noBackupFolder a folder that no backup copies; it tells a restored backup from a phone that went on.
 * @param keystore none: a key in a file of [folder], for command lines and tests.
 * @param transport none: HTTPS by the library itself.
 */
class Host(
    private val folder: String,
    private val app: String,
    private val noBackupFolder: String? = null,
    private val clock: Clock = SystemClock,
    private val keystore: Keystore? = null,
    private val transport: Transport? = null,
    private val locator: Locator? = null,
    private val power: Power? = null,
) {
    internal fun lent() =
        outpost.core.Host(folder, noBackupFolder, app, clock, keystore, transport, locator, power)
}

/** The Java machine's clocks. On Android give one whose `monotonic` is `SystemClock.elapsedRealtime()`. */
object SystemClock : Clock {
    override fun read(): ClockReading {
        val now = System.currentTimeMillis()
        val zone = TimeZone.getDefault().getOffset(now) / 60_000
        return ClockReading(now, zone.toShort(), (System.nanoTime() / 1_000_000).toULong())
    }
}
