// A field client for the command line: read this first. Each run opens the logbook, does one errand, and closes it;
// whatever it logs is on disk before it says so, with or without a network.
//
//   field <folder> enrol OUTPOST1:…      field <folder> in | out
//   field <folder> today | orders        field <folder> reach | go | arrive <number>
//   field <folder> sync | waiting        field <folder> cause <number> <text> … | done <number>

import Foundation
import Outpost

func kept(_ logbook: Logbook, _ act: Act) async throws {
    let captured = try await logbook.capture(act)
    print("kept, number \(captured.no); take it back with that number while it is unsent")
}

func show(_ order: OrderLine) {
    print("\(order.number)  \(order.state)  \(order.customer)  \(order.model)  \(order.fault)")
}

func today(_ logbook: Logbook) async throws {
    guard case .ready(let owner) = try await logbook.standing() else { return print("nobody's phone") }
    let today = try await logbook.today()
    let since = today.duty.since.map { "on duty since \(Date(timeIntervalSince1970: Double($0) / 1000))" } ?? "off duty"
    print("\(owner.name), \(owner.station): \(since); \(today.outbox.kept) on this phone only")
    today.orders.forEach(show)
    if let next = today.next { print("next: \(next.act) \(next.customer ?? "")") }
}

func find(_ logbook: Logbook, _ number: String) async throws -> OrderLine {
    guard let order = try await logbook.orders().first(where: { $0.number.hasSuffix(number) }) else {
        throw CocoaError(.keyValueValidation)
    }
    return order
}

/// The visit to that order that was begun last.
func visit(_ logbook: Logbook, _ number: String) async throws -> PageId {
    let page = try await find(logbook, number).page
    return try await logbook.order(page)!.visits.last!.page
}

func sync(_ logbook: Logbook) async throws {
    for try await step in logbook.syncSteps() {
        print("\(step.left.steps) steps and \(step.left.files) files left")
        if let end = step.end { print("\(end.outcome) \(end.code) \(end.detail)") }
    }
}

func waiting(_ logbook: Logbook) async throws {
    let view = try await logbook.syncView()
    view.waiting.forEach { print("\($0.no)  \($0.act)  \($0.about)  \($0.state)") }
    view.refused.forEach { print("refused \($0.no)  \($0.act)  \($0.why.en)  \($0.detail)") }
    if view.waiting.isEmpty && view.refused.isEmpty { print("nothing waits") }
}

let words = Array(CommandLine.arguments.dropFirst())
guard words.count >= 2 else {
    print("field <folder> enrol|today|orders|in|out|reach|go|arrive|cause|done|sync|waiting|rescue …")
    exit(2)
}
do {
    let logbook = try await Logbook.open(Host(folder: URL(fileURLWithPath: words[0]), app: "field 0.1"))
    defer { logbook.close() }
    let rest = Array(words.dropFirst(2))
    switch words[1] {
    case "enrol": print("enrolled at \(try await logbook.enrol(rest[0])); sync to be known there")
    case "today": try await today(logbook)
    case "orders": try await logbook.orders().forEach(show)
    case "in": try await kept(logbook, .clockIn(place: nil))
    case "out": try await kept(logbook, .clockOut(place: nil))
    case "reach":
        let order = try await find(logbook, rest[0]).page
        try await kept(logbook, .contact(order: order, outcome: .reached, note: "", appointment: nil))
    case "go": try await kept(logbook, .depart(order: find(logbook, rest[0]).page))
    case "arrive": try await kept(logbook, .arrive(visit: visit(logbook, rest[0]), place: nil))
    case "cause":
        let order = try await find(logbook, rest[0]).page
        let cause = rest.dropFirst().joined(separator: " ")
        try await kept(logbook, .set(page: order, field: "fault_cause", value: cause))
    case "done": try await kept(logbook, .leave(visit: visit(logbook, rest[0]), result: .fixed))
    case "sync": try await sync(logbook)
    case "waiting": try await waiting(logbook)
    // For a phone that can't sync any more: sealed to headquarters, to be carried by any way.
    case "rescue": print("\(try await logbook.rescue(to: URL(fileURLWithPath: rest[0])).steps) steps sealed into \(rest[0])")
    default: print("no such errand: \(words[1])")
    }
} catch let trouble as Trouble {
    // Every trouble says what to do, in both languages, and has a code that never changes.
    print("\(trouble.told.en) [\(trouble.told.code)] \(trouble.told.detail)")
    exit(1)
}
