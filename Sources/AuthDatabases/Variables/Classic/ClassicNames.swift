extension ClassicTemplateParser {
    /// `auth-request-var-expand.c` of 2.3.19.1; letters stand for long names.
    static let letters: [Character: String] = [
        "u": "user", "n": "username", "d": "domain", "s": "service", "h": "home", "l": "lip", "r": "rip", "p": "pid",
        "w": "password", "!": "id", "m": "mech", "c": "secured", "a": "lport", "b": "rport", "k": "cert",
    ]

    /// What each long name is in 2.4's words.
    static let names: [String: (TemplateVariable, [NameFilter])] = [
        "user": (.user, []), "username": (.username, []), "domain": (.domain, []), "service": (.protocolName, []),
        "home": (.home, []), "lip": (.localAddress, []), "rip": (.remoteAddress, []), "pid": (.clientPID, []),
        "mech": (.mechanism, []), "secured": (.secured, []), "lport": (.localPort, []), "rport": (.remotePort, []),
        "cert": (.cert, []), "login_user": (.loginUser, []), "login_username": (.loginUser, [.username]),
        "login_domain": (.loginUser, [.domain]), "session": (.session, []), "real_lip": (.realLocalAddress, []),
        "real_rip": (.realRemoteAddress, []), "real_lport": (.realLocalPort, []), "real_rport": (.realRemotePort, []),
        "domain_first": (.domainFirst, []), "domain_last": (.domainLast, []), "master_user": (.masterUser, []),
        "orig_user": (.originalUser, []), "orig_username": (.originalUser, [.username]),
        "orig_domain": (.originalUser, [.domain]), "auth_user": (.authUser, []),
        "auth_username": (.authUser, [.username]), "auth_domain": (.authUser, [.domain]),
        "local_name": (.localName, []), "client_id": (.clientID, []), "local_ip": (.localAddress, []),
        "remote_ip": (.remoteAddress, []), "local_port": (.localPort, []), "remote_port": (.remotePort, []),
        "real_local_ip": (.realLocalAddress, []), "real_remote_ip": (.realRemoteAddress, []),
        "real_local_port": (.realLocalPort, []), "real_remote_port": (.realRemotePort, []),
        "mechanism": (.mechanism, []), "original_user": (.originalUser, []),
        "original_username": (.originalUser, [.username]), "original_domain": (.originalUser, [.domain]),
        // Fragments for 2.4 in files without its version.
        "protocol": (.protocolName, []), "client_pid": (.clientPID, []),
    ]
}
