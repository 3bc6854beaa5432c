/// Why a client's message holds no token: told to the client as a refusal, and to the log.
struct BearerMessageError: Error, Equatable {
    let status: TokenRefusal.Status
    let failure: MechanismFailure

    static let malformed = BearerMessageError(status: .invalidRequest, failure: .invalidInput)
    static let unsuitableToken = BearerMessageError(status: .invalidToken, failure: .invalidInput)

    static func refused(_ failure: MechanismFailure) -> BearerMessageError {
        BearerMessageError(status: .invalidRequest, failure: failure)
    }
}
