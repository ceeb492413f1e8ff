import Foundation
import XCTest

@testable import Outpost

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Stories of engineers, against a relay that really runs. The environment's `OUTPOST` names its binary.
final class StoriesTests: XCTestCase {
    private var house: House!

    override func setUp() async throws {
        house = try await House()
    }

    override func tearDown() async throws {
        house.end()
    }

    private func phone(_ folder: URL) async throws -> Logbook {
        let logbook = try await Logbook.open(Host(folder: folder, app: "test 1"))
        try await logbook.enrol(house.code("u-3"))
        return logbook
    }

    func testAnEngineersDayHappensOfflineAndIsAtHeadquartersAfterASync() async throws {
        let phone = try await phone(house.folder())
        var end = try await phone.sync()
        XCTAssertEqual(end.outcome, .settled)
        try await phone.capture(.clockIn(place: nil))
        try await phone.capture(.contact(order: house.order, outcome: .reached, note: "", appointment: nil))
        let visit = try await phone.capture(.depart(order: house.order)).visit!
        try await phone.capture(.arrive(visit: visit, place: nil))
        try await phone.capture(.set(page: house.order, field: "fault_cause", value: "模块进水"))
        try await phone.capture(.leave(visit: visit, result: .fixed))
        let glass = try await phone.glass(visit, lang: .zh)!
        let signature = NewSignature(
            name: "李工", strokes: "M1 1L9 9", score: 5, comment: "", lang: .zh, typed: nil, digest: glass.digest)
        try await phone.capture(.sign(visit: visit, signature: signature))
        end = try await phone.sync()
        XCTAssertEqual(end.outcome, .settled)
        let left = try await phone.leftToSend()
        XCTAssertEqual(left.steps, 0)
        XCTAssertTrue(try house.cli("export", "orders").contains("WO-20261020-0095"))
    }

    func testWhatIsDeniedSaysWhyInBothLanguages() async throws {
        let phone = try await phone(house.folder())
        do {
            try await phone.capture(.arrive(visit: house.order, place: nil))
            XCTFail("nobody has set out")
        } catch let trouble as Trouble {
            XCTAssertFalse(trouble.told.zh.isEmpty || trouble.told.en.isEmpty)
        }
    }

    func testFiftyCallsAtOnceEachGetTheirAnswer() async throws {
        let phone = try await phone(house.folder())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 0..<50 {
                group.addTask {
                    if n % 2 == 0 {
                        _ = try await phone.today()
                    } else {
                        try await phone.capture(.task(minutes: UInt32(n), note: "at once"))
                    }
                }
            }
            try await group.waitForAll()
        }
        let waiting = try await phone.syncView().waiting.count
        XCTAssertGreaterThanOrEqual(waiting, 25)
    }

    func testStepsFitAWindow() async throws {
        let phone = try await phone(house.folder())
        try await phone.capture(.task(minutes: 5, note: "before any contact"))
        let first = try await phone.sync(within: 0)
        XCTAssertNil(first.end)
        let end = try await phone.sync()
        XCTAssertEqual(end.outcome, .settled)
    }

    func testAtRestTheNextCallOpensAgain() async throws {
        let phone = try await phone(house.folder())
        try await phone.capture(.clockIn(place: nil))
        phone.rest()
        let since = try await phone.today().duty.since
        XCTAssertNotNil(since)
    }

    func testTheReadmesLinesWorkWhenPasted() async throws {
        try await readme(folder: house.folder(), code: house.code("u-3"))
    }
}
