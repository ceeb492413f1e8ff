import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A relay of its own in a folder of its own, with a station, an engineer, a customer and an order to go to.
final class House {
    let order = House.id()
    private let home: URL
    private let data: String
    private let serving = Process()
    private var server = ""
    private var session: String?
    private var phones = 0
    private static let binary = ProcessInfo.processInfo.environment["OUTPOST"] ?? "../../target/debug/outpost"

    init() async throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent("outpost-swift-\(UUID().uuidString)")
        data = home.appendingPathComponent("data").path
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let said = Pipe()
        serving.executableURL = URL(fileURLWithPath: House.binary)
        serving.arguments = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--tenant", "acme"]
        serving.standardOutput = said
        try serving.run()
        var text = ""
        while !text.contains("Stop with Ctrl-C") {
            text += String(decoding: said.fileHandleForReading.availableData, as: UTF8.self)
        }
        server = "http://127.0.0.1:" + House.first(#"at http://127\.0\.0\.1:(\d+)"#, in: text)
        let password = House.first("password[^A-Z0-9]*([A-Z0-9-]{8,})", in: text)
        let opened = try await post("/v1/session", #"{"user":"hq","password":"\#(password)"}"#)
        session = House.first(#""session":"([^"]+)""#, in: opened)
        try await ask(
            #"{"type":"put_station","station":{"station":"st-1","name":"济南驻点","lat_e7":366500000,"lng_e7":1170000000}}"#)
        try await ask(
            #"{"type":"put_person","person":{"user":"u-3","name":"工程师03","role":"engineer","station":"st-1","active":true}}"#)
        try await ask(#"{"type":"place_customer","customer":"C-QD","station":"st-1","distance_km":120}"#)
        try await ask(
            #"{"type":"open","order":"\#(order)","number":"WO-20261020-0095","customer":"C-QD","service_type":"B"}"#)
        try await ask(#"{"type":"assign","order":"\#(order)","to":"u-3"}"#)
    }

    func ask(_ ask: String) async throws {
        _ = try await post("/v1/commands", #"{"id":"\#(House.id())","after":"now","heads":"now","ask":\#(ask)}"#)
    }

    private func post(_ path: String, _ body: String) async throws -> String {
        var request = URLRequest(url: URL(string: server + path)!)
        request.httpMethod = "POST"
        request.httpBody = Data(body.utf8)
        request.setValue("application/json", forHTTPHeaderField: "content-type")
        if let session { request.setValue("Bearer \(session)", forHTTPHeaderField: "authorization") }
        let (data, answer) = try await URLSession.shared.data(for: request)
        let text = String(decoding: data, as: UTF8.self)
        precondition((answer as! HTTPURLResponse).statusCode < 300, "\(path): \(text)")
        return text
    }

    func cli(_ arguments: String...) throws -> String {
        let process = Process()
        let said = Pipe()
        process.executableURL = URL(fileURLWithPath: House.binary)
        process.arguments = arguments + ["--data", data]
        process.standardOutput = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }

    func code(_ user: String) throws -> String {
        House.first(#"(OUTPOST1:\S+)"#, in: try cli("device", "code", "--user", user, "--server", server))
    }

    func folder() -> URL {
        phones += 1
        return home.appendingPathComponent("phone-\(phones)")
    }

    func end() {
        serving.terminate()
        serving.waitUntilExit()
        try? FileManager.default.removeItem(at: home)
    }

    private static func first(_ pattern: String, in text: String) -> String {
        let expression = try! NSRegularExpression(pattern: pattern)
        let whole = NSRange(text.startIndex..., in: text)
        guard let match = expression.firstMatch(in: text, range: whole) else { fatalError("\(pattern) in \(text)") }
        return String(text[Range(match.range(at: 1), in: text)!])
    }

    /// A UUIDv7.
    private static func id() -> String {
        var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
        let now = UInt64(Date().timeIntervalSince1970 * 1000)
        for n in 0..<6 { bytes[n] = UInt8(truncatingIfNeeded: now >> (40 - 8 * n)) }
        bytes[6] = 0x70 | (bytes[6] & 0x0f)
        bytes[8] = 0x80 | (bytes[8] & 0x3f)
        let hex = bytes.map { String(format: "%02x", $0) }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16].map { hex[$0].joined() }.joined(separator: "-")
    }
}
