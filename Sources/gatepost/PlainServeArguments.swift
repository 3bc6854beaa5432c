/// `gatepost serve` with no more than what service units give it.
///
/// ArgumentParser finds out about its commands by reflection, which is half of the processor time of a start. What is
/// written in any other way than this goes through it, and means the same.
struct PlainServeArguments: Equatable {
    var configuration: String?
    var logLevel: String?

    /// - Parameter arguments: those of the process, its name first.
    init?(_ arguments: [String]) {
        guard arguments.count > 1, arguments[1] == "serve", arguments.count % 2 == 0 else { return nil }
        for index in stride(from: 2, to: arguments.count, by: 2) {
            let value = arguments[index + 1]
            guard !value.isEmpty, !value.hasPrefix("-") else { return nil }
            switch arguments[index] {
            case "-c" where configuration == nil, "--config" where configuration == nil: configuration = value
            case "--log-level" where logLevel == nil: logLevel = value
            default: return nil
            }
        }
    }
}
