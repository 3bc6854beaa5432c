@testable import GatepostDaemon
import Testing

@Suite("The limit of open files")
struct OpenFileLimitTests {
    @Test("is raised as far as clients need it and the system allows", arguments: [
        // Debian's: 1024 and 1048576 under systemd, 1024 and 1024 in some containers.
        (1000, 1024, 1_048_576, 1200), (1000, 1024, 1024, 1024), (5000, 1024, 4096, 4096), (5000, 1024, 20_000, 5200),
        (100, 1024, 4096, 1024), (4_294_967_295, 1024, 4096, 4096),
    ])
    func raised(clients: Int, soft: UInt, hard: UInt, expected: UInt) {
        let limit = OpenFileLimit(soft: soft, hard: hard).raised(for: clients)
        #expect(limit == OpenFileLimit(soft: expected, hard: hard))
    }

    @Test("is told where clients would have to wait", arguments: [
        (1000, 1024, nil), (1001, 1024, 1201), (5000, 4096, 5200), (5000, 5200, nil), (4_294_967_295, 4096, nil),
    ] as [(Int, UInt, Int?)])
    func shortage(clients: Int, soft: UInt, advice: Int?) {
        let text = OpenFileLimit(soft: soft, hard: soft).shortage(for: clients)
        #expect((text == nil) == (advice == nil))
        guard let text, let advice else { return }
        #expect(text.hasPrefix("client_limit = \(clients), but this process may have only \(soft) files open"))
        #expect(text.contains("LimitNOFILE=\(advice) "))
    }
}
