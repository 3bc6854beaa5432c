internal import DovecotAuthProtocol

/// The open requests of one connection: a few, so that looking at each id is sooner done than hashing one.
struct RequestTable {
    private var ids: [RequestID] = []
    /// In no order.
    private(set) var values: [Exchange] = []

    var count: Int { values.count }
    var isEmpty: Bool { values.isEmpty }

    subscript(id: RequestID) -> Exchange? {
        for index in ids.indices where ids[index] == id { return values[index] }
        return nil
    }

    /// Adds a request whose id is not there.
    mutating func insert(_ exchange: Exchange) {
        ids.append(exchange.request.id)
        values.append(exchange)
    }

    /// - Returns: whether it was there.
    mutating func remove(_ id: RequestID) -> Bool {
        guard let index = ids.firstIndex(of: id) else { return false }
        ids.swapAt(index, ids.count - 1)
        values.swapAt(index, values.count - 1)
        ids.removeLast()
        values.removeLast()
        return true
    }

    mutating func removeAll() {
        ids.removeAll()
        values.removeAll()
    }
}
