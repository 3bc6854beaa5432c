import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

@Suite("CRAM-MD5, server side")
struct CramMD5ServerMechanismTests {
    static let tim = StoredCredential.cramMD5(
        CramMD5Context(password: Secret(copying: Array("tanstaaftanstaaf".utf8).span)))

    static func rfcMechanism() -> CramMD5ServerMechanism {
        CramMD5ServerMechanism(challenge: "<1896.697170952@postoffice.reston.mci.net>", decoys: .forTests)
    }

    // RFC 2195 section 2.
    @Test("The example of RFC 2195 runs byte for byte", arguments: [InputRecord.begin, .beginWith])
    func rfcExample(begin: InputRecord) {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        let challenge = exchange.step(begin, begin == .beginWith ? "ignored" : "")
        #expect(challenge == .challenge("<1896.697170952@postoffice.reston.mci.net>"))
        let asked = exchange.step(.response, "tim b913a602c7eda7a495b4e6e7334d3890")
        #expect(asked == .fetch(Identity(authenticationID: "tim"), .cramMD5))
        let end = exchange.fetched(Self.tim)
        #expect(end == .succeed(nil))
    }
}
