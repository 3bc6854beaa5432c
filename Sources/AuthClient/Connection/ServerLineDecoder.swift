internal import DovecotAuthProtocol
internal import NIOCore

/// Cuts a server's bytes into lines, without their LF.
struct ServerLineDecoder: NIOSingleStepByteToMessageDecoder {
    struct TooLongLine: Error {}

    typealias InboundOut = ByteBuffer

    mutating func decode(buffer: inout ByteBuffer) throws -> ByteBuffer? {
        let end = buffer.readableBytesView.firstIndex(of: UInt8(ascii: "\n"))
        let length = end.map { $0 - buffer.readerIndex } ?? buffer.readableBytes
        guard length < ProtocolLimits.longestLine else { throw TooLongLine() }
        guard end != nil, let line = buffer.readSlice(length: length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 1)
        return line
    }

    /// Half a line at the end is nothing that could be acted on.
    mutating func decodeLast(buffer: inout ByteBuffer, seenEOF: Bool) throws -> ByteBuffer? {
        try decode(buffer: &buffer)
    }
}
