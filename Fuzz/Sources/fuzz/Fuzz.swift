import CLibFuzzer
import FuzzTargets
import Glibc

/// `fuzz TARGET [libFuzzer's options] [CORPUS …]`; without arguments it lists the targets.
@main
struct Fuzz {
    /// Tells the target to the processes that libFuzzer starts for `-merge` and the like: it gives them no arguments
    /// of ours.
    private static let variable = "GATEPOST_FUZZ_TARGET"

    // Set once, before libFuzzer begins, and read by its only thread.
    nonisolated(unsafe) fileprivate static var target: FuzzTarget?

    static func main() {
        // The arguments live as long as the process.
        var arguments = unsafe CommandLine.unsafeArgv
        var count = CommandLine.argc
        let first = CommandLine.arguments.dropFirst().first
        if let first, let named = FuzzTarget.named(first) {
            unsafe target = named
            unsafe setenv(variable, first, 1)
            // The name's place takes the program's: libFuzzer has never heard of it.
            unsafe arguments[1] = arguments[0]
            unsafe arguments += 1
            count -= 1
        } else if let inherited = unsafe getenv(variable), let named = unsafe FuzzTarget.named(String(cString: inherited)) {
            unsafe target = named
        } else {
            for target in FuzzTarget.all { print(target.name) }
            exit(first == nil ? 0 : 64)
        }
        var optional: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe arguments
        exit(
            unsafe LLVMFuzzerRunDriver(&count, &optional) { bytes, count in
                do throws(BrokenRule) {
                    // libFuzzer lends the bytes for the length of this call.
                    try unsafe Fuzz.target?.run(Span(_unsafeElements: UnsafeBufferPointer(start: bytes, count: count)))
                } catch {
                    // libFuzzer keeps the input then.
                    fatalError(error.description)
                }
                return 0
            })
    }
}
