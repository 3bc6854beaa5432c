/// Looks whether an object is still there, without keeping it.
// Weak references may be read on any thread, and this one is never written again.
final class WeakReference: @unchecked Sendable {
    private weak let object: AnyObject?

    init(_ object: AnyObject) { self.object = object }

    var isGone: Bool { object == nil }
}
