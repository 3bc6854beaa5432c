public import Secrets

/// What a mechanism wants next; it asks, and never calls.
public enum MechanismStep: ~Copyable, Sendable {
    /// Send this to the mail client, possibly of no bytes, and feed back its response.
    case challenge([UInt8])
    /// As ``challenge(_:)``, and ask the mail server for the channel binding of its TLS connection; feed back
    /// ``MechanismInput/responseWithChannelBinding(_:bindingData:)``, or end the exchange if it delivers none.
    ///
    /// Protocol 1.3 and later: the server's CONT carries `channel_binding=TYPE`, the client adds
    /// `channel_binding=base64` to its own.
    case challengeWithChannelBinding([UInt8], type: ChannelBindingType)
    /// Is this name one that may log in at all? Feed back ``MechanismInput/claimAccepted``, or end the exchange.
    case claim(Identity)
    /// Is this the password? Feed back ``MechanismInput/checked(isCorrect:)``.
    case check(Identity, password: Secret)
    /// Look up what is stored of the password for this kind of exchange; feed back
    /// ``MechanismInput/fetched(_:user:)``, or end the exchange if the name may not log in at all.
    case fetch(Identity, CredentialKind)
    /// Is this token good? Feed back ``MechanismInput/validated(_:)``.
    case validate(BearerToken)
    /// Nobody in particular wants in, and says this of itself; feed back ``MechanismInput/checked(isCorrect:)``.
    ///
    /// The engine decides as whom. The trace is for the log; it proves nothing (RFC 4505 section 2).
    case admitAnonymous(trace: String)
    /// The login succeeded; `finalMessage` is the server's last message, if the mechanism has one.
    ///
    /// It goes to the client inside of OK (`resp=`, with `final-resp-ok`), or as one more challenge whose response must
    /// be of no bytes. Either way the mechanism has ended.
    case succeed(finalMessage: [UInt8]?)
    /// The login failed.
    case fail(MechanismFailure)
}
