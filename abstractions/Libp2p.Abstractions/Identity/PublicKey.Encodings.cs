using System.Security.Cryptography;

namespace Libp2p;

/// <content>SubjectPublicKeyInfo and PEM, as other tools keep keys.</content>
public abstract partial class PublicKey
{
    private const string Label = "PUBLIC KEY";
    private const int MaxPemBytes = 4096;

    /// <summary>The SubjectPublicKeyInfo (RFC 5280, section 4.1; RFC 8410 for Ed25519) in DER.</summary>
    public byte[] ToSubjectPublicKeyInfo() => PublicKeyInfo.Write(this);

    /// <summary>The SubjectPublicKeyInfo in PEM (RFC 7468).</summary>
    public string ToPem() => PemEncoding.WriteString(Label, PublicKeyInfo.Write(this));

    /// <summary>Reads a SubjectPublicKeyInfo in DER.</summary>
    /// <exception cref="KeyFormatException">Malformed, of an algorithm that libp2p does not have, or outside the accepted sizes.</exception>
    public static PublicKey FromSubjectPublicKeyInfo(ReadOnlySpan<byte> der) => PublicKeyInfo.Read(der);

    /// <summary>Reads a SubjectPublicKeyInfo in PEM.</summary>
    /// <param name="pem">The first PEM object in it counts; what is around it is ignored.</param>
    /// <exception cref="KeyFormatException">No PEM, another kind of object, or as for <see cref="FromSubjectPublicKeyInfo"/>.</exception>
    public static PublicKey FromPem(ReadOnlySpan<char> pem)
    {
        if (!PemEncoding.TryFind(pem, out var found) || found.DecodedDataLength > MaxPemBytes) throw new KeyFormatException("There is no PEM of a public key in the text.");
        if (pem[found.Label] is not Label) throw new KeyFormatException($"The PEM holds a {pem[found.Label].ToString()}, not a public key.");
        var bytes = new byte[found.DecodedDataLength];
        return Convert.TryFromBase64Chars(pem[found.Base64Data], bytes, out var length)
            ? FromSubjectPublicKeyInfo(bytes.AsSpan(0, length))
            : throw new KeyFormatException("The PEM is not base64.");
    }
}
