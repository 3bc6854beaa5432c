import PasswordSchemes
import Secrets
import Testing

@Suite("Data that are not what their scheme asks for")
struct MalformedDataTests {
    @Test("Wrong data are an error that says so", arguments: [
        "{SHA}", "{SHA}*", "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A", "{SHA}L55TUjtiq8FBorTWAZ0jy6g1", "{SHA}L55TUjti!8FBorTWAZ0jy6g129A=",
        "{SHA1.HEX}L55TUjtiq8FBorTWAZ0jy6g129A=", "{SHA.HEX}2f9e53523b62abc141a2b4d6019d23cba835dbd", "{SHA.HEX}",
        "{SHA256}L55TUjtiq8FBorTWAZ0jy6g129A=", "{SHA512}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=",
        "{SSHA}", "{SSHA}L55TUjtiq8FBorTWAZ0jy6g129A=", "{SSHA}QUJD", "{SSHA}====", "{SSHA256}jHvbWNOm85makgd4nhJqKppdxPM0YoiS",
        "{SSHA512}jHvbWNOm85makgd4nhJqKppdxPM0YoiS", "{SMD5}PLTnMmMfR+brlh80VUt83g==", "{SMD5.HEX}zz",
        "{LDAP-MD5}", "{LDAP-MD5}PLTnMmMfR+brlh80VUt8", "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cd",
        "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cdg", "{PLAIN-MD4}", "{PLAIN-MD4}00", "{NTLM}00", "{NTLM}",
        "{MD5}", "{MD5}abc", "{MD5}$2y$05$", "{MD5-CRYPT}abc", "{MD5-CRYPT}$5$abc$def",
        "{CRAM-MD5}", "{CRAM-MD5}38b57fd1a0c4b46c814aa05f20318edd", "{HMAC-MD5}zz", "{DIGEST-MD5}", "{DIGEST-MD5}8e4d",
        "{PLAIN.HEX}abc", "{PLAIN.B64}a", "{PLAIN-TRUNC}", "{PLAIN-TRUNC}abc", "{PLAIN-TRUNC}3", "{PLAIN-TRUNC}3x-abc", "{PLAIN-TRUNC}-", "{PLAIN-TRUNC}-abc", "{PLAIN-TRUNC}0-",
        "{PLAIN-TRUNC}99999999999999999999-abc",
        "{CRYPT}$", "{CRYPT}$9$abc$def", "{CRYPT}x", "{CRYPT}:ab", "{CRYPT}$2c$05$6hXxpWOfdv96b1p8/zYQqO",
        "{CRYPT}$5$rounds=$abc$", "{CRYPT}$5$rounds=x$abc$", "{CRYPT}$6$rounds=1000", "{CRYPT}$2y$", "{CRYPT}$2y$xx$",
        "{CRYPT}$2y$03$6hXxpWOfdv96b1p8/zYQqOX/lLju/ZE.dkyDSpZ1Uh2xsdprm3bpC", "{CRYPT}$y$", "{CRYPT}$y$j", "{CRYPT}$gy$j9",
        "{CRYPT}$y$j9T:", "{CRYPT}$7$", "{CRYPT}$7$B", "{CRYPT}$sha1$", "{CRYPT}$sha1$abc$salt$", "{CRYPT}$sha1",
        "{CRYPT}$md5,rounds=", "{CRYPT}$md5,rounds=x$salt", "{CRYPT}_", "{CRYPT}_/..",
        "{BLF-CRYPT}abc", "{BLF-CRYPT}$5$abc$def", "{BLF-CRYPT}$2y$05$6hXxpWOfdv96b1p8/zYQq",
        "{PBKDF2}", "{PBKDF2}$1$", "{PBKDF2}$1$salt", "{PBKDF2}$1$salt$5000", "{PBKDF2}$1$salt$5000$",
        "{PBKDF2}$1$salt$0$d12b884ffc5bad0f147b6459681abc34603ef9ce", "{PBKDF2}$1$salt$x$d12b884ffc5bad0f147b6459681abc34603ef9ce",
        "{PBKDF2}$1$salt$4294967296$d12b884ffc5bad0f147b6459681abc34603ef9ce", "{PBKDF2}$2$salt$5000$d12b884ffc5bad0f147b6459681abc34603ef9ce",
        "{PBKDF2}$1$salt$5000$d12b884ffc5bad0f147b6459681abc34603ef9c", "{PBKDF2}$1$salt$5000$d12b884ffc5bad0f147b6459681abc34603ef9cex",
        "{SCRAM-SHA-1}", "{SCRAM-SHA-1}4096", "{SCRAM-SHA-1}4096,,,", "{SCRAM-SHA-1}4095,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=",
        "{SCRAM-SHA-1}4096,!!,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=", "{SCRAM-SHA-1}4096,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,QUJD",
        "{SCRAM-SHA-256}4096,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=",
        "{SCRAM-SHA-1}4096,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=,",
        "{SCRAM-SHA-1}99999999999999999999,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=",
        "{ARGON2ID}", "{ARGON2ID}abc", "{ARGON2ID}$argon2id$", "{ARGON2ID}$argon2d$v=19$m=64,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ", "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$",
        "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=1$$aGFzaGhhc2g", "{ARGON2ID}$argon2id$v=18$m=64,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2ID}$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=0$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2ID}$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "{ARGON2ID}$argon2id$v=19$m=x,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=16777216$c29tZXNhbHQ$aGFzaGhhc2g", "{ARGON2ID}$argon2id$v=19$m=99999999999,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2ID}$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ=$aGFzaGhhc2g", "{ARGON2I}$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$!!!!",
        "{OTP}", "{OTP}sha1", "{OTP}sha1 1024 seed", "{OTP}sha2 1024 seed 8dd2bf90c078c0f8", "{OTP}sha1 -1 seed 8dd2bf90c078c0f8",
        "{OTP}sha1 1024 se-ed 8dd2bf90c078c0f8", "{OTP}sha1 1024 seed 8dd2", "{OTP}sha1 1024 seedseedseedseed1 8dd2bf90c078c0f8",
        "{OTP}sha1 1000000 seed 8dd2bf90c078c0f8",
    ])
    func malformed(field: String) {
        let error = #expect(throws: PasswordSchemeError.self) { try verify("correct horse", against: field) }
        #expect(error?.code == .malformed)
        // Longer data could be a secret; what is shorter here is part of the form that the error explains.
        let data = field.drop { $0 != "}" }.dropFirst()
        #expect(data.count < 16 || error?.description.contains(data) == false)
    }

    @Test("A stored cost above the limits is an error before any time is spent", arguments: [
        "{CRYPT}$6$rounds=999999999$salt$x", "{CRYPT}$5$rounds=999999999$salt$x", "{BLF-CRYPT}$2y$31$6hXxpWOfdv96b1p8/zYQqOX/lLju/ZE.dkyDSpZ1Uh2xsdprm3bpC",
        "{CRYPT}$sha1$4294967295$salt$x", "{CRYPT}$md5,rounds=4294963199$salt$x", "{CRYPT}$y$jTT$abcdefghijkl$x", "{CRYPT}$gy$jTT$abcdefghijkl$x",
        "{CRYPT}$7$zU..../....salt$x", "{CRYPT}$7$JU..../....salt$x", "{PBKDF2}$1$salt$4294967295$d12b884ffc5bad0f147b6459681abc34603ef9ce",
        "{SCRAM-SHA-1}2147483647,QUJD,T1xo96xtiHZquCn9JHoqzMmoNHY=,PrLPKFRRZ6WEdU0LNmsQtfsYvI4=",
        "{SCRAM-SHA-256}2147483647,QUJD,mJk/MatjlGebsqJ6DMRNbgvle18JgpNzqPRJK09p7Cg=,aK9HyRlfjn/Cp8ndLUSurimTrxG99nh6LgCYkaOcLlI=",
        "{SHA512-CRYPT}$6$rounds=999999999$salt$x", "{SHA256-CRYPT}$5$rounds=999999999$salt$x", "{DES-CRYPT}$6$rounds=999999999$salt$x",
        "{ARGON2ID}$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "{ARGON2ID}$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "{ARGON2I}$argon2i$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "{ARGON2}$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
    ])
    func tooCostly(field: String) {
        let error = #expect(throws: PasswordSchemeError.self) { try verify("correct horse", against: field) }
        #expect(error?.code == .tooCostly)
    }

    @Test("Empty and locked CRYPT fields match no password", arguments: ["CRYPT", "SHA512-CRYPT", "DES-CRYPT", "BLF-CRYPT"])
    func neverMatches(name: String) throws {
        for data in ["", "*", "!", "!!", "*0", "*1", "!$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjlO/O817G3uBnIFNjnQJuesI68OTLiBFdcbYEdFCoEOfaS35inz1", "*LK*"] {
            for password in ["", "*", "!", "Hello world!", data] {
                #expect(try !verify(password, against: "{\(name)}\(data)"))
            }
        }
    }

    @Test("A hash cut off anywhere never matches", arguments: PasswordScheme.all)
    func truncated(scheme: PasswordScheme) throws {
        let password = "correct horse"
        let whole = try generate(scheme, Array(password.utf8), GeneratingTests.parameters(for: scheme))
        let prefix = "{\(scheme.name)}".utf8.count
        for count in prefix..<whole.utf8.count {
            let cut = String(whole.prefix(count))
            // Base64 of a salted digest may be cut within the salt; every scheme but PLAIN has then another hash.
            let matches = try? verify(Array(password.utf8), against: cut, limits: HashingLimits(time: .milliseconds(200), memory: 1 << 25))
            #expect(matches != true, "\(cut)")
        }
    }

    @Test("A megabyte, or any single byte, in place of the data is harmless", arguments: PasswordScheme.all)
    func noise(scheme: PasswordScheme) throws {
        let limits = HashingLimits(time: .milliseconds(100), memory: 1 << 24)
        for filler in ["A", "$", "=", "0", ",", " ", "-", "\0"] {
            for count in [1, 2, 3, 16, 64, 1000] {
                let field = Array("{\(scheme.name)}".utf8) + [UInt8](repeating: filler.utf8.first ?? 0, count: count)
                var workspace = HashingWorkspace(limits: limits)
                let password = Secret(copying: "correct horse".utf8.span)
                let matches = try? StoredPassword(parsing: field.span, defaultScheme: .plain)
                    .verify(password, user: "tim", using: &workspace)
                #expect(matches != true)
            }
        }
        for start in ["", "$1$", "$6$", "$6$rounds=", "$2y$05$", "$y$j9T$", "$7$CU..../....", "$argon2id$v=19$m=64,t=1,p=1$", "4096,", "sha1 1024 ", "3-"] {
            let field = Array("{\(scheme.name)}\(start)".utf8) + [UInt8](repeating: UInt8(ascii: "A"), count: start.isEmpty ? 1 << 20 : 10_000)
            var workspace = HashingWorkspace(limits: limits)
            let matches = try? StoredPassword(parsing: field.span, defaultScheme: .plain)
                .verify(Secret(copying: "A".utf8.span), user: "tim", using: &workspace)
            #expect(matches != true)
        }
    }

    @Test("Each byte of a hash changed makes it another hash or none", arguments: PasswordScheme.all)
    func mutated(scheme: PasswordScheme) throws {
        // The last base64 digit before the padding and the case of hexadecimal digits carry no more than their bits.
        let password = Array("correct horse".utf8)
        let whole = Array(try generate(scheme, password, GeneratingTests.parameters(for: scheme)).utf8)
        let limits = HashingLimits(time: .milliseconds(100), memory: 1 << 24)
        for index in ("{\(scheme.name)}".utf8.count)..<whole.count {
            for byte in [0, UInt8(ascii: "~"), 0xff] {
                var field = whole
                field[index] = byte
                var workspace = HashingWorkspace(limits: limits)
                let matches = try? StoredPassword(parsing: field.span, defaultScheme: .plain)
                    .verify(Secret(copying: password.span), user: "tim@example.com", using: &workspace)
                #expect(matches != true, "byte \(index) of \(String(decoding: whole, as: UTF8.self))")
            }
        }
    }
}
