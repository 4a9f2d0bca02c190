using System.Security.Cryptography;
using Libp2p.Crypto;

namespace Libp2p.Security.Noise;

/// <summary>Noise's SymmetricState (section 5.2): chaining key, handshake hash and the current handshake key.</summary>
internal sealed class NoiseSymmetricState : IDisposable
{
    public const int HashSize = SHA256.HashSizeInBytes;

    private const int MaxJoined = 512;

    private readonly AeadProvider _provider;
    private readonly byte[] _chainingKey = new byte[HashSize];
    private readonly byte[] _hash = new byte[HashSize];
    private readonly byte[] _key = new byte[AeadCipher.KeySize];
    private bool _hasKey;

    // The first 8 bytes of a handshake key's nonce space: counts the messages under the current key, whichever way they went.
    private ulong _counter;

    public NoiseSymmetricState(AeadProvider provider, ReadOnlySpan<byte> protocolName)
    {
        _provider = provider;
        if (protocolName.Length <= HashSize)
        {
            protocolName.CopyTo(_hash);
        }
        else
        {
            SHA256.HashData(protocolName, _hash);
        }

        _hash.CopyTo(_chainingKey, 0);
    }

    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>How many bytes encryption adds now: none before the first key.</summary>
    public int TagSize => _hasKey ? AeadCipher.TagSize : 0;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        // In one call where it fits: half the time of a hash object.
        Span<byte> joined = stackalloc byte[HashSize + MaxJoined];
        if (data.Length <= MaxJoined)
        {
            _hash.CopyTo(joined);
            data.CopyTo(joined[HashSize..]);
            SHA256.HashData(joined[..(HashSize + data.Length)], _hash);
            return;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    public void MixKey(ReadOnlySpan<byte> input)
    {
        Span<byte> output = stackalloc byte[HashSize + AeadCipher.KeySize];
        HkdfSha256.Derive(_chainingKey, input, [], output);
        output[..HashSize].CopyTo(_chainingKey);
        output[HashSize..].CopyTo(_key);
        CryptographicOperations.ZeroMemory(output);
        _hasKey = true;
        _counter = 0;
    }

    /// <summary>Encrypts where there is a key, copies before; mixes what was written into the hash. The destination is <see cref="TagSize"/> longer.</summary>
    public void EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> destination)
    {
        if (_hasKey)
        {
            using var cipher = new NoiseCipher(_provider, _key, AeadDirection.Seal, _counter);
            cipher.Seal(_hash, plaintext, destination);
            _counter = cipher.Counter;
        }
        else
        {
            plaintext.CopyTo(destination);
        }

        MixHash(destination);
    }

    /// <summary>False where the tag does not fit. The destination is <see cref="TagSize"/> shorter.</summary>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> ciphertext, Span<byte> destination)
    {
        if (_hasKey)
        {
            using var cipher = new NoiseCipher(_provider, _key, AeadDirection.Open, _counter);
            if (!cipher.TryOpen(_hash, ciphertext, destination))
            {
                return false;
            }

            _counter = cipher.Counter;
        }
        else
        {
            ciphertext.CopyTo(destination);
        }

        MixHash(ciphertext);
        return true;
    }

    public NoiseCiphers Split(bool initiator)
    {
        Span<byte> keys = stackalloc byte[2 * AeadCipher.KeySize];
        HkdfSha256.Derive(_chainingKey, [], [], keys);
        var mine = initiator ? keys[..AeadCipher.KeySize] : keys[AeadCipher.KeySize..];
        var theirs = initiator ? keys[AeadCipher.KeySize..] : keys[..AeadCipher.KeySize];
        var sending = new NoiseCipher(_provider, mine, AeadDirection.Seal);
        try
        {
            return new NoiseCiphers(sending, new NoiseCipher(_provider, theirs, AeadDirection.Open));
        }
        catch
        {
            sending.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_chainingKey);
        CryptographicOperations.ZeroMemory(_key);
        _hasKey = false;
    }
}
