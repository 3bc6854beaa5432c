import Glibc
import Testing

/// A file in a directory of its own.
struct UserFile {
    let directory: String
    let path: String

    init(_ text: String, named name: String = "users") throws {
        var template = Array("/tmp/gp-users.XXXXXX".utf8CString)
        // mkdtemp writes into the array, which keeps its length.
        directory = unsafe String(cString: try #require(unsafe mkdtemp(&template)))
        path = directory + "/" + name
        try write(text)
    }

    func write(_ text: String) throws {
        // C strings that live for the calls.
        let opened = unsafe fopen(path, "w")
        let file = try unsafe #require(opened)
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    func remove() {
        unsafe unlink(path)
        unsafe rmdir(directory)
    }
}
