extension OutputSpan<UInt8> {
    /// Appends all of `bytes`, for which there must be room.
    mutating func append(copying bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }
}
