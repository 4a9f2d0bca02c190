namespace Libp2p.Node.Commands.Doctor.Checks;

/// <summary>Who does the arithmetic of identity keys.</summary>
internal sealed class KeysCheck : ICheck
{
    public string Section => "identity keys";

    public IEnumerable<Finding> Check() => new[] { KeyType.Ed25519, KeyType.Secp256k1, KeyType.Ecdsa, KeyType.Rsa }.Select(type => Finding.Ok(type.ToString(), KeyImplementations.Of(type)));
}
