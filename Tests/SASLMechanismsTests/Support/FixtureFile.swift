import Glibc

/// The lines of a file in Fixtures, without comments.
func fixtureLines(_ name: String) -> [String] {
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    // Closed below; used by nobody else.
    guard let file = unsafe fopen("/\(folder)/Fixtures/\(name)", "r") else { return [] }
    defer { unsafe fclose(file) }
    var lines: [String] = []
    var line: [UInt8] = []
    while true {
        let byte = unsafe getc(file)
        guard byte != EOF else { break }
        if byte == 10 {
            let text = String(decoding: line, as: UTF8.self)
            if !text.hasPrefix("#") { lines.append(text) }
            line = []
        } else {
            line.append(UInt8(truncatingIfNeeded: byte))
        }
    }
    return lines
}
