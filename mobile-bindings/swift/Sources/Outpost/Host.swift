import Foundation

extension Host {
    /// Where the logbook lies, and what the platform does for it; what isn't given has a default.
    ///
    /// On iOS: `folder` in Application Support with the protection class `completeUntilFirstUserAuthentication`,
    /// `noBackupFolder` beside it with `isExcludedFromBackup`.
    public init(
        folder: URL, app: String, noBackupFolder: URL? = nil, clock: any Clock = SystemClock(),
        keystore: (any Keystore)? = nil, transport: (any Transport)? = nil, locator: (any Locator)? = nil,
        power: (any Power)? = nil
    ) {
        self.init(
            folder: folder.path, noBackupFolder: noBackupFolder?.path, app: app, clock: clock, keystore: keystore,
            transport: transport, locator: locator, power: power)
    }
}

/// The system's clocks.
public final class SystemClock: Clock {
    public init() {}

    public func read() throws -> ClockReading {
        let now = Date()
        var running = timespec()
        #if canImport(Darwin)
        clock_gettime(CLOCK_MONOTONIC_RAW, &running)
        #else
        clock_gettime(CLOCK_BOOTTIME, &running)
        #endif
        return ClockReading(
            now: Int64(now.timeIntervalSince1970 * 1000),
            zoneMinutes: Int16(TimeZone.current.secondsFromGMT(for: now) / 60),
            monotonic: UInt64(running.tv_sec) * 1000 + UInt64(running.tv_nsec) / 1_000_000)
    }
}
