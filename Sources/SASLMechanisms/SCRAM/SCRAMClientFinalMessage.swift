internal import Encodings
internal import Secrets

/// A client's last message (RFC 5802 section 7): `c=binding,r=nonce,p=proof`.
struct SCRAMClientFinalMessage {
    /// The base64 of GS2 header and binding data, to the letter.
    let binding: [UInt8]
    let nonce: [UInt8]
    let proof: [UInt8]
    /// What stands in front of the proof, to the letter.
    let withoutProof: [UInt8]

    init(_ message: [UInt8]) throws(MechanismFailure) {
        guard
            let attributes = SCRAMAttributes(message[...]), attributes.all.count >= 3
        else { throw .invalidInput }
        if attributes.contains("m", from: 0) { throw .unsupportedExtension }
        guard
            let binding = attributes.value("c", at: 0),
            let nonce = attributes.value("r", at: 1),
            let proofText = attributes.value("p", at: attributes.all.count - 1),
            attributes.all.dropFirst(2).dropLast().allSatisfy({ !"crp".utf8.contains($0.key) }),
            let proof = Base64.decode(Array(proofText).span)
        else { throw .invalidInput }
        self.binding = Array(binding)
        self.nonce = Array(nonce)
        self.proof = proof.withBytes { proof in proof.indices.map { proof[$0] } }
        withoutProof = Array(message[..<(proofText.startIndex - 3)])
    }
}
