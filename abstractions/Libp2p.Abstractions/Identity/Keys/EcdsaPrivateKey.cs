using System.Security.Cryptography;

namespace Libp2p;

/// <summary>ECDSA over a NIST curve: DER ECPrivateKey (RFC 5915). The scalar lives with the operating system's provider, which clears it.</summary>
internal sealed class EcdsaPrivateKey : PrivateKey
{
    private readonly Lock _gate = new();
    private readonly ECDsa _ecdsa; // guard: _gate
    private bool _disposed; // guard: _gate

    private EcdsaPrivateKey(ECDsa ecdsa)
        : base(EcdsaPublicKey.Read(ecdsa.ExportSubjectPublicKeyInfo())) => _ecdsa = ecdsa;

    public static EcdsaPrivateKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static EcdsaPrivateKey Read(ReadOnlySpan<byte> data)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportECPrivateKey(data, out var consumed);
            if (consumed != data.Length) throw new KeyFormatException("Bytes follow the ECDSA private key.");
            var key = new EcdsaPrivateKey(ecdsa);
            KeyPair.Check(key);
            return key;
        }
        catch (Exception e)
        {
            ecdsa.Dispose();
            if (e is CryptographicException) throw new KeyFormatException("The ECDSA private key is not an ECPrivateKey.", e);
            throw;
        }
    }

    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return _ecdsa.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public override byte[] ToProtobuf()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return KeyProtobuf.EncodePrivate(KeyType.Ecdsa, _ecdsa.ExportECPrivateKey());
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_gate)
        {
            _disposed = true;
            _ecdsa.Dispose();
        }
    }
}
