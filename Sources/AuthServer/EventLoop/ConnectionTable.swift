/// The connections of one loop, by places that are used again and again.
///
/// A place's token changes with each use: an event that was on its way to a connection which is gone finds nobody, even
/// if the next one has its place and its descriptor.
struct ConnectionTable {
    private struct Place {
        var generation: UInt32 = 0
        var connection: SocketConnection?
    }

    private static let mostGenerations: UInt32 = 1 << 30

    private var places: [Place] = []
    private var free: [Int] = []

    var count: Int { places.count - free.count }

    /// The place of a connection that is there or was there.
    static func place(of token: ConnectionToken) -> Int { Int(token.rawValue & 0xffff_ffff) }

    subscript(token: ConnectionToken) -> SocketConnection? {
        let place = Self.place(of: token)
        guard place < places.count, places[place].generation == token.rawValue >> 32 else { return nil }
        return places[place].connection
    }

    subscript(place place: Int) -> SocketConnection? { places[place].connection }

    /// Adds a connection, and gives it its token.
    mutating func insert(_ connection: SocketConnection) {
        if free.isEmpty {
            free.append(places.count)
            places.append(Place())
        }
        let place = free.removeLast()
        connection.token = ConnectionToken(rawValue: UInt64(places[place].generation) << 32 | UInt64(place))
        places[place].connection = connection
    }

    mutating func remove(_ token: ConnectionToken) {
        guard self[token] != nil else { return }
        let place = Self.place(of: token)
        places[place].connection = nil
        places[place].generation = (places[place].generation + 1) % Self.mostGenerations
        free.append(place)
    }

    /// Those that are there now.
    var all: [SocketConnection] { places.compactMap(\.connection) }

    /// Up to `count` of those of which `isWanted` is true.
    func first(_ count: Int, where isWanted: (SocketConnection) -> Bool) -> [SocketConnection] {
        var found: [SocketConnection] = []
        for place in places where found.count < count {
            if let connection = place.connection, isWanted(connection) { found.append(connection) }
        }
        return found
    }
}
