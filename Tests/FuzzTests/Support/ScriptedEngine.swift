import SASLMechanisms
import Secrets

/// Answers a mechanism's steps as the choices of an input say.
struct ScriptedEngine {
    /// Passwords and tokens are right.
    private let allows: Bool
    /// The databases have the user, whoever it is.
    let knowsUser: Bool
    /// Inputs come in any order instead of as answers to steps.
    let isConfused: Bool
    private var messages: ArraySlice<ArraySlice<UInt8>>

    private var strangeKind = 0

    /// Whether the mechanism was told anything that a success may be built on.
    private(set) var hasAllowed = false

    init(_ choices: UInt8, messages: [ArraySlice<UInt8>]) {
        allows = choices & 2 != 0
        knowsUser = choices & 4 != 0
        isConfused = choices & 128 != 0
        self.messages = messages[...]
    }

    mutating func beginning(hasInitialResponse: Bool) -> MechanismInput {
        hasInitialResponse ? .beginWith(nextMessage()) : .begin
    }

    /// What comes of a step.
    enum Answer: ~Copyable {
        case input(MechanismInput)
        case success
        case failure(MechanismFailure)
    }

    mutating func answer(_ step: consuming MechanismStep) -> Answer {
        switch consume step {
        case .challenge: return proceed(.response(nextMessage()))
        case .challengeWithChannelBinding:
            return proceed(.responseWithChannelBinding(nextMessage(), bindingData: Array("binding".utf8)))
        case .claim: return proceed(.claimAccepted)
        case .check: return decide(.checked(isCorrect: allows), yes: 5)
        case .admitAnonymous: return decide(.checked(isCorrect: allows), yes: 5)
        case .fetch(let identity, let kind):
            guard !isConfused else { return .input(strangeInput()) }
            hasAllowed = hasAllowed || knowsUser
            let credential = knowsUser ? FuzzAccount.credential(kind) : nil
            return .input(.fetched(credential, user: identity.authenticationID))
        case .validate(let token):
            let verdict: TokenVerdict =
                allows ? .valid(user: token.user) : .invalid(TokenRefusal(.invalidToken))
            return decide(.validated(verdict), yes: 8)
        case .succeed: return .success
        case .fail(let failure): return .failure(failure)
        }
    }

    /// Goes on by a step that allows nothing.
    private mutating func proceed(_ input: consuming MechanismInput) -> Answer {
        isConfused ? .input(strangeInput()) : .input(input)
    }

    /// Answers a question; `yes` is the number of the input that says yes.
    private mutating func decide(_ input: consuming MechanismInput, yes: Int) -> Answer {
        guard isConfused else {
            hasAllowed = hasAllowed || allows
            return .input(input)
        }
        let answer = strangeInput()
        hasAllowed = hasAllowed || strangeKind == yes
        return .input(answer)
    }

    /// An input of the kind that the next message's first byte says.
    private mutating func strangeInput() -> MechanismInput {
        let message = Array(messages.popFirst() ?? [])
        strangeKind = Int(message.first ?? 0) % Self.inputKinds
        return Self.input(strangeKind, Array(message.dropFirst()))
    }

    private mutating func nextMessage() -> Secret { (messages.popFirst() ?? []).secret }

    // MARK: Inputs by number

    static let inputKinds = 10

    static func input(_ kind: Int, _ message: [UInt8]) -> MechanismInput {
        switch kind {
        case 0: .begin
        case 1: .beginWith(message[...].secret)
        case 2: .response(message[...].secret)
        case 3: .responseWithChannelBinding(message[...].secret, bindingData: Array("binding".utf8))
        case 4: .claimAccepted
        case 5: .checked(isCorrect: true)
        case 6: .checked(isCorrect: false)
        case 7: .fetched(nil, user: FuzzAccount.user)
        case 8: .validated(.valid(user: FuzzAccount.user))
        default: .validated(.invalid(TokenRefusal(.invalidToken)))
        }
    }
}
