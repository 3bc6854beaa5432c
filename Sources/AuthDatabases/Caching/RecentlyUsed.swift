/// A dictionary that knows which of its values was used least recently; every operation takes constant time.
package struct RecentlyUsed<Key: Hashable, Value> {
    fileprivate struct Node {
        var key: Key
        var value: Value
        /// Used before and after this one; -1 at the ends.
        var older: Int
        var newer: Int
    }

    private var positions: [Key: Int] = [:]
    /// In no order; without gaps.
    private var nodes: [Node] = []
    private var oldest = -1
    private var newest = -1

    package init() {}

    package var count: Int { nodes.count }
    package var isEmpty: Bool { nodes.isEmpty }

    /// The value, which is not used by that.
    package func peek(_ key: Key) -> Value? {
        positions[key].map { nodes[$0].value }
    }

    /// The value, which counts as used now.
    package mutating func use(_ key: Key) -> Value? {
        guard let position = positions[key] else { return nil }
        unlink(position)
        link(position)
        return nodes[position].value
    }

    /// Changes a value that is there; it counts as used no more than before.
    package mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        if let position = positions[key] { change(&nodes[position].value) }
    }

    /// Sets the value, which counts as used now.
    package mutating func set(_ key: Key, _ value: Value) {
        if let position = positions[key] {
            nodes[position].value = value
            unlink(position)
            link(position)
        } else {
            positions[key] = nodes.count
            nodes.append(Node(key: key, value: value, older: -1, newer: -1))
            link(nodes.count - 1)
        }
    }

    @discardableResult
    package mutating func remove(_ key: Key) -> Value? {
        guard let position = positions.removeValue(forKey: key) else { return nil }
        unlink(position)
        let value = nodes[position].value
        let last = nodes.count - 1
        if position != last {
            // The last one takes the place that has become free.
            let node = nodes[last]
            nodes[position] = node
            positions[node.key] = position
            if node.older >= 0 { nodes[node.older].newer = position } else { oldest = position }
            if node.newer >= 0 { nodes[node.newer].older = position } else { newest = position }
        }
        nodes.removeLast()
        return value
    }

    /// Removes what was used least recently.
    @discardableResult
    package mutating func removeOldest() -> Value? {
        oldest >= 0 ? remove(nodes[oldest].key) : nil
    }

    /// Removes those of whom `isUnwanted` is true, and returns their number.
    package mutating func removeAll(where isUnwanted: (Key, Value) -> Bool) -> Int {
        let unwanted = nodes.filter { isUnwanted($0.key, $0.value) }.map(\.key)
        for key in unwanted { remove(key) }
        return unwanted.count
    }

    /// From the least to the most recently used.
    package var keys: [Key] {
        var keys: [Key] = []
        var position = oldest
        while position >= 0 {
            keys.append(nodes[position].key)
            position = nodes[position].newer
        }
        return keys
    }

    private mutating func unlink(_ position: Int) {
        let (older, newer) = (nodes[position].older, nodes[position].newer)
        if older >= 0 { nodes[older].newer = newer } else { oldest = newer }
        if newer >= 0 { nodes[newer].older = older } else { newest = older }
    }

    private mutating func link(_ position: Int) {
        nodes[position].older = newest
        nodes[position].newer = -1
        if newest >= 0 { nodes[newest].newer = position } else { oldest = position }
        newest = position
    }
}

extension RecentlyUsed: Sendable where Key: Sendable, Value: Sendable {}
extension RecentlyUsed.Node: Sendable where Key: Sendable, Value: Sendable {}
