/// A queue of work from many hosts, served one host after the other, so that one guessing host can't starve the rest.
struct FairQueue<Element> {
    private struct Lane {
        var host: String
        /// Nil where it was served: what is done must not linger, for it may hold a password.
        var work: [Element?]
        var next = 0
    }

    /// Lanes that have work, in the order in which they will be served; the first is next.
    private var lanes: [Lane] = []
    private var nextLane = 0
    private var laneOfHost: [String: Int] = [:]

    private(set) var count = 0

    /// Adds work of `host`, behind what it has waiting already.
    mutating func append(_ element: Element, host: String) {
        count += 1
        if let lane = laneOfHost[host] {
            lanes[lane].work.append(element)
        } else {
            laneOfHost[host] = lanes.count
            lanes.append(Lane(host: host, work: [element]))
        }
    }

    /// Takes the oldest work of the host whose turn it is.
    mutating func popFirst() -> Element? {
        guard !lanes.isEmpty else { return nil }
        if nextLane >= lanes.count { nextLane = 0 }
        let element = lanes[nextLane].work[lanes[nextLane].next].take()
        lanes[nextLane].next += 1
        count -= 1
        if lanes[nextLane].next == lanes[nextLane].work.count {
            removeLane(nextLane)
        } else {
            compact(nextLane)
            nextLane += 1
        }
        return element
    }

    /// The last lane takes the place of the removed one; it is served a little early, once.
    private mutating func removeLane(_ index: Int) {
        laneOfHost[lanes[index].host] = nil
        let last = lanes.removeLast()
        guard index < lanes.count else { return }
        lanes[index] = last
        laneOfHost[last.host] = index
    }

    /// Lets go of served work once it is the larger part, so that appending stays cheap.
    private mutating func compact(_ index: Int) {
        guard lanes[index].next > 32, lanes[index].next * 2 > lanes[index].work.count else { return }
        lanes[index].work.removeFirst(lanes[index].next)
        lanes[index].next = 0
    }
}
