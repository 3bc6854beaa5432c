internal import PasswordSchemes

extension MechanismRegistry {
    /// All mechanisms of this library.
    ///
    /// Whether a server can offer one depends on what it has (``OfferedMechanism/needs``), and to whom on the
    /// ``OfferedMechanism/properties``.
    public static let known = MechanismRegistry(
        [
            PlainServerMechanism.offer, LoginServerMechanism.offer, CramMD5ServerMechanism.offer,
            DigestMD5ServerMechanism.offer,
        ]
            + SCRAMHash.allCases.map { SCRAMServerMechanism.offer($0) }
            + SCRAMHash.allCases.map { SCRAMServerMechanism.offer($0, bindsChannel: true) }
            + [
                ExternalServerMechanism.offer, AnonymousServerMechanism.offer, BearerServerMechanism.offer(.oauthBearer),
                BearerServerMechanism.offer(.xoauth2),
            ])
}
