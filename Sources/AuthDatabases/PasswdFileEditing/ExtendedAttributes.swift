internal import CPlatform
internal import Glibc

/// The access list and labels of a file, which its successor has to have too: often it is such a list that lets the
/// mail server read the passwords.
enum ExtendedAttributes {
    static let accessList = "system.posix_acl_access"

    /// Copies what belongs to the file, not to its content; signatures such as `security.ima` would be wrong.
    ///
    /// - Returns: 0, or the `errno` if the access list can't be set. Other attributes are copied if that is allowed.
    static func copy(from source: CInt, to target: CInt) -> CInt {
        for name in names(of: source) {
            guard name == accessList || name == "security.selinux" || name.hasPrefix("user."),
                let value = value(of: name, in: source)
            else { continue }
            let error = set(name, to: value, in: target)
            if error != 0, name == accessList { return error }
        }
        return 0
    }

    private static func names(of file: CInt) -> [String] {
        // A file system without attributes says so with an error; it has none to copy.
        let size = gatepost_flistxattr(file, nil, 0)
        guard size > 0 else { return [] }
        var text = [CChar](repeating: 0, count: size)
        // As many bytes as the array has.
        let count = unsafe gatepost_flistxattr(file, &text, size)
        guard count > 0 else { return [] }
        return text[..<min(count, size)].split(separator: 0).map {
            String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    static func value(of name: String, in file: CInt) -> [UInt8]? {
        let size = unsafe gatepost_fgetxattr(file, name, nil, 0)
        guard size >= 0 else { return nil }
        var value = [UInt8](repeating: 0, count: size)
        // As many bytes as the array has.
        let count = unsafe gatepost_fgetxattr(file, name, &value, size)
        return count == size ? value : nil
    }

    /// 0 or an `errno`.
    static func set(_ name: String, to value: [UInt8], in file: CInt) -> CInt {
        // The array and the C string live for the call.
        unsafe gatepost_fsetxattr(file, name, value, value.count) == 0 ? 0 : errno
    }
}
