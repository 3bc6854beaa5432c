import Testing

/// Everything here starts daemons; one suite at a time keeps a small machine quick and the logs readable.
@Suite("With real mail servers and mail programs", .serialized)
enum RealPeers {}
