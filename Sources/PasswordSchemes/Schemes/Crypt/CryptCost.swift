/// What a crypt(3) hash costs to check, read from its parameters.
///
/// The nanoseconds were measured with libxcrypt 4.4.33 on a server of 2023; the SHA kinds take up to five times as long
/// for a password of 500 bytes.
enum CryptCost {
    /// nil if the parameters can't be read, which libxcrypt would refuse too.
    static func estimate(_ hash: Span<UInt8>, _ method: CryptMethod) -> HashingCost? {
        switch method {
        case .sha512, .sha256:
            guard let rounds = rounds(hash, after: "rounds=", from: 3, default: 5000) else { return nil }
            return HashingCost(units: Double(rounds), nanoseconds: 450)
        case .bcrypt:
            guard hash.count > 6, let cost = hash.extracting(4..<6).decimal, 4...31 ~= cost else { return nil }
            return HashingCost(units: Double(UInt64(1) << UInt64(cost)), nanoseconds: 50_000)
        case .yescrypt, .gostYescrypt:
            return yescrypt(hash, from: method.prefix.utf8.count)
        case .scrypt:
            guard
                let power = CryptDigits.fixedNumber(hash, at: 3, digits: 1),
                let blockSize = CryptDigits.fixedNumber(hash, at: 4, digits: 5),
                let lanes = CryptDigits.fixedNumber(hash, at: 9, digits: 5)
            else { return nil }
            return scrypt(power: power, blockSize: blockSize, passes: Double(lanes), nanoseconds: 250)
        case .sha1:
            guard hash.count > 6, let end = hash.firstIndex(of: UInt8(ascii: "$"), from: 6) else { return nil }
            guard let rounds = hash.extracting(6..<end).decimal else { return nil }
            return HashingCost(units: Double(rounds), nanoseconds: 700)
        case .sunMD5:
            guard let rounds = rounds(hash, after: ",rounds=", from: 4, default: 0) else { return nil }
            return HashingCost(units: Double(rounds) + 4096, nanoseconds: 1_400)
        case .bsdi:
            guard let rounds = CryptDigits.fixedNumber(hash, at: 1, digits: 4) else { return nil }
            return HashingCost(units: Double(rounds), nanoseconds: 140)
        case .md5:
            return HashingCost(time: .microseconds(110))
        case .des, .nt:
            return HashingCost(time: .microseconds(5))
        }
    }

    private static func rounds(
        _ hash: Span<UInt8>, after label: String, from start: Int, default standard: Int
    ) -> Int? {
        guard start <= hash.count, hash.extracting(start..<hash.count).starts(with: label) else { return standard }
        let digits = start + label.utf8.count
        guard let end = hash.firstIndex(of: UInt8(ascii: "$"), from: digits) else { return nil }
        return hash.extracting(digits..<end).decimal
    }

    /// `$y$` flavour, N, r, and if there are more parameters a mask of which: p, t, g, NROM; then `$` and the salt.
    private static func yescrypt(_ hash: Span<UInt8>, from start: Int) -> HashingCost? {
        var index = start
        guard
            CryptDigits.variableNumber(hash, at: &index, least: 0) != nil,
            let power = CryptDigits.variableNumber(hash, at: &index, least: 1),
            let blockSize = CryptDigits.variableNumber(hash, at: &index, least: 1)
        else { return nil }
        var lanes: UInt32 = 1
        var time: UInt32 = 0
        if index < hash.count, hash[index] != UInt8(ascii: "$") {
            guard let mask = CryptDigits.variableNumber(hash, at: &index, least: 1) else { return nil }
            if mask & 1 != 0 {
                guard let number = CryptDigits.variableNumber(hash, at: &index, least: 2) else { return nil }
                lanes = number
            }
            if mask & 2 != 0 {
                guard let number = CryptDigits.variableNumber(hash, at: &index, least: 1) else { return nil }
                time = number
            }
        }
        // yescrypt's lanes share the memory; each unit of t adds about two thirds of a pass.
        return scrypt(power: power, blockSize: blockSize, passes: 1 + Double(time), lanes: lanes, nanoseconds: 110)
    }

    private static func scrypt(
        power: UInt32, blockSize: UInt32, passes: Double, lanes: UInt32 = 1, nanoseconds: Double
    ) -> HashingCost? {
        guard power <= 63 else { return nil }
        let blocks = Double(UInt64(1) << UInt64(power)) * Double(blockSize)
        return HashingCost(
            units: blocks * passes, nanoseconds: nanoseconds, memory: blocks * 128 + Double(lanes) * 1024)
    }
}
