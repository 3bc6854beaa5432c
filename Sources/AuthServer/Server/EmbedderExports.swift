// Whoever embeds the server writes a PasswordDatabase, reads StoredPasswords and chooses mechanisms: one import does.
@_exported public import AuthDatabases
public import AuthEngine
@_exported public import PasswordSchemes
@_exported public import SASLMechanisms

/// Says whether a bearer token is good: what OAUTHBEARER and XOAUTH2 need.
public typealias TokenValidator = AuthEngine.TokenValidator

/// How a client learns of an internal failure.
public typealias TemporaryFailurePolicy = AuthEngine.TemporaryFailurePolicy

/// When a server says what it has to offer.
public typealias GreetingOrder = AuthEngine.GreetingOrder

/// What the log shows of the password of a failed login.
public typealias PasswordLogging = AuthEngine.PasswordLogging
