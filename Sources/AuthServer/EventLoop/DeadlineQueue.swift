internal import AuthEngine

/// Which connection's deadline comes next: a binary heap that knows where each connection stands in it.
struct DeadlineQueue {
    private struct Entry {
        var deadline: Instant
        var slot: Int
    }

    private var heap: [Entry] = []
    /// Where a slot's entry is in the heap; -1 for nowhere.
    private var places: [Int32] = []

    var earliest: Instant? { heap.first?.deadline }

    func deadline(of slot: Int) -> Instant? {
        guard let place = place(of: slot) else { return nil }
        return heap[place].deadline
    }

    /// Gives a slot its deadline, in place of the one that it had.
    mutating func set(_ slot: Int, _ deadline: Instant) {
        if let place = place(of: slot) {
            let old = heap[place].deadline
            heap[place].deadline = deadline
            if deadline < old { rise(place) } else { sink(place) }
            return
        }
        while places.count <= slot { places.append(-1) }
        heap.append(Entry(deadline: deadline, slot: slot))
        places[slot] = Int32(heap.count - 1)
        rise(heap.count - 1)
    }

    mutating func remove(_ slot: Int) {
        guard let place = place(of: slot) else { return }
        places[slot] = -1
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        places[last.slot] = Int32(place)
        rise(place)
        sink(Int(places[last.slot]))
    }

    /// Takes out one slot whose deadline is not after `now`, the earliest first.
    mutating func popDue(at now: Instant) -> Int? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.slot)
        return first.slot
    }

    private func place(of slot: Int) -> Int? {
        guard slot < places.count, places[slot] >= 0 else { return nil }
        return Int(places[slot])
    }

    private mutating func rise(_ start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard heap[place].deadline < heap[parent].deadline else { return }
            exchange(place, parent)
            place = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            for child in 2 * place + 1...2 * place + 2 where child < heap.count {
                if heap[child].deadline < heap[least].deadline { least = child }
            }
            guard least != place else { return }
            exchange(place, least)
            place = least
        }
    }

    private mutating func exchange(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        places[heap[left].slot] = Int32(left)
        places[heap[right].slot] = Int32(right)
    }
}
