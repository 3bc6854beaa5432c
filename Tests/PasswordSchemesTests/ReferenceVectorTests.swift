import PasswordSchemes
import Secrets
import Testing

/// Vectors of `doveadm pw` 2.3.19.1, password `correct horse`.
@Suite("Hashes made by doveadm 2.3.19 are understood")
struct ReferenceVectorTests {
    @Test("The right password matches and a wrong one does not", arguments: [
        "{PLAIN}correct horse",
        "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=",
        "{SHA256}QQTTb42iwlQ0n4WDZ5Pr4CngyVcGOjTJHC6SAxh7VjE=",
        "{SHA256.HEX}4104d36f8da2c254349f85836793ebe029e0c957063a34c91c2e9203187b5631",
        "{SHA512}VraY3v7bWkNbY0r+MyC7rz/c2SC2xQOkRvx7endrKY1HnRumqLYXgI6wv1ec6aldZoNHvKtxSQhayTyyeZUZew==",
        "{SMD5}ee4Hawk6z2ddj/3mhFzPs9Cwcdc=",
        "{SSHA}jHvbWNOm85makgd4nhJqKppdxPM0YoiS",
        "{SSHA256}x2NwNHWhggjxFJznTbY9LUt7bd/rLfUude1fBHmlWVEkmPVt",
        "{SSHA256.HEX}0334ca666a34e1ed6ad1dfd99a8a4e7f077dfa5a460f661277bec632bf865e69fc16608f",
        "{SSHA512}IsnJbBRur6qAPgYbgZCPGmqXESxr5WX1GeE2pxaJRx2gg6eVDauI+Enp8ViR8DR+ZUMQbrlENZhR0+PzeRGvo+YGeYk=",
        "{PLAIN-MD4}b4fe5d2ad49f136f957a7a6b1c029cd2",
        "{PLAIN-MD5}3cb4e732631f47e6eb961f34554b7cde",
        "{LDAP-MD5}PLTnMmMfR+brlh80VUt83g==",
        "{MD5-CRYPT}$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ.",
        "{DES-CRYPT}WdwT6Rybz57HA",
        "{SHA256-CRYPT}$5$Bhssa.y2AnRvyoy3$567LU5hl2a/JiMa60HbMYA/nzfaOZB9sAuiwRvLsLIB",
        "{SHA512-CRYPT}$6$QhCiXkaq8Y72PrP2$IigN3.vTNk7IF0EjuI27Pj9MEypYLReASgd3q.L5d3.Xq8VNpseiLIhG7pF6piD1cjCvDYlJgcqpwRPHg8dKK/",
        "{SHA512-CRYPT}$6$rounds=1000$gMua9CmiEHvl5hpP$pZCvp4Hxvb7GDC.DCuG/OblM6vIAthqLD1s19mlOAdG3tJxxQzXUcM8NAj8IRUvVhcoWPHc.rK1OwVvP3RWze.",
        "{BLF-CRYPT}$2y$05$6hXxpWOfdv96b1p8/zYQqOX/lLju/ZE.dkyDSpZ1Uh2xsdprm3bpC",
    ])
    func vector(field: String) throws {
        var workspace = HashingWorkspace()
        let stored = try StoredPassword(parsing: field.utf8.span, defaultScheme: .plain)
        let right = Secret(copying: "correct horse".utf8.span)
        let wrong = Secret(copying: "Correct horse".utf8.span)
        #expect(try stored.verify(right, user: "tim", using: &workspace))
        #expect(try !stored.verify(wrong, user: "tim", using: &workspace))
    }
}
