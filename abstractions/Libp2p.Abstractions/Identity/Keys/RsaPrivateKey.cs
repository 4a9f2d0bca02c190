using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Libp2p;

/// <summary>RSA: DER of PKCS#1 (RFC 8017, appendix A.1.2). The numbers live with the operating system's provider, which clears them.</summary>
internal sealed class RsaPrivateKey : PrivateKey
{
    private readonly Lock _gate = new();
    private readonly RSA _rsa; // guard: _gate
    private bool _disposed; // guard: _gate

    private RsaPrivateKey(RSA rsa)
        : base(RsaPublicKey.Read(rsa.ExportSubjectPublicKeyInfo())) => _rsa = rsa;

    public static RsaPrivateKey Generate(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, RsaPublicKey.MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, RsaPublicKey.MaxBits);
        ArgumentOutOfRangeException.ThrowIfNotEqual(bits % 8, 0, nameof(bits));
        return new(RSA.Create(bits));
    }

    public static RsaPrivateKey Read(ReadOnlySpan<byte> data)
    {
        CheckSize(data);
        var rsa = RSA.Create();
        try
        {
            rsa.ImportRSAPrivateKey(data, out var consumed);
            if (consumed != data.Length) throw new KeyFormatException("Bytes follow the RSA private key.");
            var key = new RsaPrivateKey(rsa);
            KeyPair.Check(key);
            return key;
        }
        catch (Exception e)
        {
            rsa.Dispose();
            if (e is CryptographicException) throw new KeyFormatException("The RSA private key is not one of PKCS#1.", e);
            throw;
        }
    }

    public override byte[] Sign(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return _rsa.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    public override byte[] ToProtobuf()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(PrivateKey));
            return KeyProtobuf.EncodePrivate(KeyType.Rsa, _rsa.ExportRSAPrivateKey());
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        lock (_gate)
        {
            _disposed = true;
            _rsa.Dispose();
        }
    }

    private static void CheckSize(ReadOnlySpan<byte> data)
    {
        try
        {
            AsnDecoder.ReadSequence(data, AsnEncodingRules.DER, out var start, out _, out _);
            var rest = data[start..];
            _ = AsnDecoder.ReadIntegerBytes(rest, AsnEncodingRules.DER, out var version);
            var modulus = AsnDecoder.ReadIntegerBytes(rest[version..], AsnEncodingRules.DER, out _);
            RsaPublicKey.CheckSize(modulus.TrimStart((byte)0));
        }
        catch (AsnContentException e)
        {
            throw new KeyFormatException("The RSA private key is not one of PKCS#1 in DER.", e);
        }
    }
}
