import SASLMechanisms
import Secrets

/// An input as a value, for tables.
enum InputRecord: Sendable, CaseIterable {
    case begin, beginWith, response, boundResponse, claimAccepted, correct, incorrect, unknown, validToken, invalidToken

    func input(_ message: [UInt8]) -> MechanismInput {
        switch self {
        case .begin: .begin
        case .beginWith: .beginWith(Secret(copying: message.span))
        case .response: .response(Secret(copying: message.span))
        case .boundResponse: .responseWithChannelBinding(Secret(copying: message.span), bindingData: [1, 2, 3])
        case .claimAccepted: .claimAccepted
        case .correct: .checked(isCorrect: true)
        case .incorrect: .checked(isCorrect: false)
        case .unknown: .fetched(nil, user: "nobody")
        case .validToken: .validated(.valid(user: "alice"))
        case .invalidToken: .validated(.invalid(TokenRefusal(.invalidToken)))
        }
    }
}
