import Foundation

/// One phone's logbook. Every call is asynchronous and runs off the main thread; what is captured is on disk when
/// `capture` returns. Troubles are thrown as `Trouble`, a closed enum: see `told`.
public final class Logbook: @unchecked Sendable {
    private let core: LogbookCore
    private let work = DispatchQueue(label: "outpost", qos: .userInitiated, attributes: .concurrent)
    private let turn = Turn()

    private init(core: LogbookCore) {
        self.core = core
    }

    /// Opens the logbook of that host's folder, or begins one.
    public static func open(_ host: Host) async throws -> Logbook {
        try await withCheckedThrowingContinuation { opened in
            DispatchQueue.global(qos: .userInitiated).async {
                opened.resume(with: Result { Logbook(core: try LogbookCore.open(host: host)) })
            }
        }
    }

    /// Takes the invitation from headquarters. Capture can begin at once; the first sync redeems its code.
    @discardableResult
    public func enrol(_ invitation: String) async throws -> String {
        try await ask { try $0.enrol(invitation: invitation) }
    }

    public func standing() async throws -> Standing { try await ask { try $0.standing() } }
    public func today() async throws -> Today { try await ask { try $0.today() } }
    public func orders() async throws -> [OrderLine] { try await ask { try $0.orders() } }
    public func order(_ page: PageId) async throws -> Order? { try await ask { try $0.order(page: page) } }
    public func visit(_ page: PageId) async throws -> Visit? { try await ask { try $0.visit(page: page) } }
    /// What the customer is shown before he signs.
    public func glass(_ visit: PageId, lang: Lang) async throws -> Glass? {
        try await ask { try $0.glass(visit: visit, lang: lang) }
    }
    public func proof(_ visit: PageId) async throws -> Proof? { try await ask { try $0.proof(visit: visit) } }
    /// A month, or the one that is now.
    public func month(_ month: Month? = nil) async throws -> AttendanceMonth {
        try await ask { try $0.month(month: month) }
    }
    public func report(_ day: Day) async throws -> DayReport { try await ask { try $0.report(day: day) } }
    /// How far each captured thing got, and what was refused and why.
    public func syncView() async throws -> SyncView { try await ask { try $0.syncView() } }
    public func me() async throws -> Me { try await ask { try $0.me() } }
    /// The forms that somebody may begin.
    public func forms() async throws -> [FormChoice] { try await ask { try $0.forms() } }
    /// One form as it is filled in.
    public func form(_ key: FormKey) async throws -> FilledForm? { try await ask { try $0.form(key: key) } }
    public func parts(_ query: String) async throws -> [CataloguePart] { try await ask { try $0.parts(query: query) } }
    public func customers(_ query: String) async throws -> [CustomerHit] {
        try await ask { try $0.customers(query: query) }
    }
    /// Bytes of a photo or of strokes, while this phone holds them.
    public func file(_ hash: Hash) async throws -> Data? { try await ask { try $0.file(hash: hash) } }

    /// Logs an act; it is on disk when this returns. `photo`: the bytes of `Act.photo`.
    @discardableResult
    public func capture(_ act: Act, photo: Data? = nil) async throws -> Captured {
        try await ask { try $0.capture(act: act, photo: photo) }
    }
    /// The place came after the tap.
    public func locate(_ entry: EntryId, at place: Place) async throws {
        try await ask { try $0.locate(entry: entry, place: place) }
    }
    /// Asks the host's locator, and gives the entry the place that it finds; false where it finds none.
    public func findPlace(_ entry: EntryId) async throws -> Bool { try await ask { try $0.findPlace(entry: entry) } }
    /// Takes an act back by its number: off the disk where nobody can have seen it, else by an entry that voids it.
    public func takeBack(_ no: UInt32) async throws { try await ask { try $0.takeBack(no: no) } }
    /// Asks again for what was refused, knowing what was decided meanwhile.
    public func askAgain(_ no: UInt32) async throws { try await ask { try $0.askAgain(no: no) } }

    /// All that was refused, as JSON lines with the raw bytes.
    public func exportQuarantine() async throws -> Data { try await ask { try $0.exportQuarantine() } }
    /// Everything that is only on this phone, as JSON lines.
    public func exportAll() async throws -> Data { try await ask { try $0.exportAll() } }
    /// What headquarters hasn't got, signed and sealed, into that file: for a phone that can't sync any more.
    public func rescue(to file: URL) async throws -> RescueReport { try await ask { try $0.rescue(path: file.path) } }
    /// What the next sync would send.
    public func leftToSend() async throws -> Left { try await ask { try $0.leftToSend() } }

    /// What has changed, as it changes; only the latest waits for a slow reader.
    public var changes: AsyncStream<Change> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { stream in
            let number = core.observe(observer: Telling { stream.yield($0) })
            stream.onTermination = { [core] _ in core.stopObserving(number: number) }
        }
    }

    /// One sync, step by step; each step is durable by itself, and the last says how it ended. Whoever stops reading
    /// cancels it: the next sync goes on from what is on disk. A second one waits for the first.
    public func syncSteps() -> AsyncThrowingStream<SyncStep, Error> {
        AsyncThrowingStream { steps in
            let task = Task { [core, turn] in
                await turn.take()
                do {
                    let run = try core.beginSync()
                    try await withTaskCancellationHandler {
                        while true {
                            let step = try await self.off { try run.step() }
                            steps.yield(step)
                            if step.end != nil { break }
                        }
                    } onCancel: {
                        run.cancel()
                    }
                    steps.finish()
                } catch {
                    steps.finish(throwing: error)
                }
                await turn.give()
            }
            steps.onTermination = { _ in task.cancel() }
        }
    }

    /// One sync to its end.
    @discardableResult
    public func sync() async throws -> SyncEnd {
        for try await step in syncSteps() {
            if let end = step.end { return end }
        }
        throw CancellationError()
    }

    /// As many steps as fit a background window: none is begun after it has passed. What is left is for the next.
    public func sync(within window: TimeInterval) async throws -> SyncStep {
        let began = Date()
        var last: SyncStep?
        for try await step in syncSteps() {
            last = step
            if step.end != nil || Date().timeIntervalSince(began) >= window { break }
        }
        guard let last else { throw CancellationError() }
        return last
    }

    /// The system is about to freeze or kill the app: no file stays open, no lock is kept. The next call opens again.
    public func rest() { core.suspend() }

    /// Seconds to wait before a sync when the platform says that there is a network again: it says so to many in one moment.
    public func restAfterReconnecting() -> TimeInterval { TimeInterval(core.restAfterReconnecting()) }

    /// For good.
    public func close() { core.shut() }

    private func ask<T: Sendable>(_ call: @escaping @Sendable (LogbookCore) throws -> T) async throws -> T {
        let core = self.core
        return try await off { try call(core) }
    }

    private func off<T: Sendable>(_ call: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { done in
            work.async { done.resume(with: Result(catching: call)) }
        }
    }
}

private final class Telling: Observer, @unchecked Sendable {
    private let tell: @Sendable (Change) -> Void

    init(_ tell: @escaping @Sendable (Change) -> Void) {
        self.tell = tell
    }

    func changed(change: Change) throws {
        tell(change)
    }
}

/// Lets one sync through at a time.
private actor Turn {
    private var taken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func take() async {
        if !taken {
            taken = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func give() {
        if waiting.isEmpty {
            taken = false
        } else {
            waiting.removeFirst().resume()
        }
    }
}
