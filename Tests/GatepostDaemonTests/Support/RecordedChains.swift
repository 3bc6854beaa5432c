/// The cases of `Tests/Recordings/chains`, and what Dovecot 2.3.19.1 answered (`record-chains`).
enum RecordedChains {
    struct Case: Sendable, CustomStringConvertible {
        var title: String
        var configuration = ""
        var files: [(name: String, text: String)] = []
        /// Each with the server's last line.
        var logins: [(request: String, answer: String)] = []

        var description: String { title }
    }

    private static let directory = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Recordings/"
    private static let parts = [
        "1-deny", "2-results", "3-selection", "4-masters", "5-fields", "6-networks", "7-configured", "8-files", "9-names",
    ]

    /// Those that end as with Dovecot, whatever the mechanism; only logins by PLAIN are in them.
    static let alike: [Case] = {
        let text = TextFile.read(directory + "chain-differences.txt")
        let listed = Set(text.split(separator: "\n").map(String.init))
        return all.filter { !listed.contains($0.title) && !$0.logins.isEmpty }
    }()

    private static let all: [Case] = {
        var cases: [Case] = []
        for part in parts {
            var isConfiguration = true
            for line in TextFile.read("\(directory)chains/\(part).txt").split(separator: "\n").map(String.init) {
                if line.hasPrefix("== ") {
                    cases.append(Case(title: "\(part): \(line.dropFirst(3))"))
                    isConfiguration = true
                } else if line.hasPrefix("--- ") {
                    cases[cases.count - 1].files.append((String(line.dropFirst(4)), ""))
                    isConfiguration = false
                } else if line.hasPrefix("> ") || line.hasPrefix("#") {
                    continue
                } else if isConfiguration {
                    cases[cases.count - 1].configuration += line + "\n"
                } else {
                    cases[cases.count - 1].files[cases[cases.count - 1].files.count - 1].text += line + "\n"
                }
            }
        }
        let given = answers
        return cases.map { known in
            var known = known
            known.logins = given[known.title] ?? []
            return known
        }
    }()

    private static var answers: [String: [(request: String, answer: String)]] {
        var answers: [String: [(request: String, answer: String)]] = [:]
        var (title, request) = ("", "")
        for line in TextFile.read(directory + "chains-dovecot-2.3.19.1.txt").split(separator: "\n").map(String.init) {
            if line.hasPrefix("== ") {
                title = String(line.dropFirst(3))
            } else if line.hasPrefix("> ") {
                request = String(line.dropFirst(2))
            } else if line.hasPrefix("S: "), request.hasPrefix("PLAIN "), !request.contains("\\") {
                answers[title, default: []].append((request, String(line.dropFirst(3))))
            }
        }
        return answers
    }
}
