using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Libp2p.Hosting;

/// <summary>
/// A key in the keychain's file format: <c>libp2p-key-1\n</c>; iterations, 4 bytes big-endian; salt, 16; nonce, 12; type, 1; the length of the peer id, 1, and the peer id; cipher text and its tag of 16
/// to the end. All before the cipher text is authenticated with it. The nonce is as good as the salt, which makes the cipher's key a new one each time.
/// </summary>
internal sealed class SealedKey
{
    public const int MaxLength = 16 * 1024;

    private const int SaltSize = 16;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int KeySize = 32;

    private readonly byte[] _bytes;
    private readonly int _iterations;
    private readonly KeyType _type;
    private readonly PeerId _peer;
    private readonly int _headerLength;

    private SealedKey(byte[] bytes, int iterations, KeyType type, PeerId peer, int headerLength) =>
        (_bytes, _iterations, _type, _peer, _headerLength) = (bytes, iterations, type, peer, headerLength);

    private static ReadOnlySpan<byte> Magic => "libp2p-key-1\n"u8;

    private static int SaltStart => Magic.Length + sizeof(int);

    private static int NonceStart => SaltStart + SaltSize;

    private static int TypeStart => NonceStart + NonceSize;

    public static SealedKey Seal(PrivateKey key, ReadOnlySpan<char> password, int iterations)
    {
        var peer = key.PublicKey.PeerId;
        var headerLength = TypeStart + 2 + peer.Bytes.Length;
        var plain = key.ToPkcs8();
        try
        {
            var bytes = new byte[headerLength + plain.Length + TagSize];
            Magic.CopyTo(bytes);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(Magic.Length), iterations);
            RandomNumberGenerator.Fill(bytes.AsSpan(SaltStart, SaltSize + NonceSize));
            bytes[TypeStart] = (byte)key.Type;
            bytes[TypeStart + 1] = (byte)peer.Bytes.Length;
            peer.Bytes.CopyTo(bytes.AsSpan(TypeStart + 2));
            using var cipher = CipherOf(bytes, iterations, password);
            cipher.Encrypt(bytes.AsSpan(NonceStart, NonceSize), plain, bytes.AsSpan(headerLength, plain.Length), bytes.AsSpan(headerLength + plain.Length), bytes.AsSpan(0, headerLength));
            return new(bytes, iterations, key.Type, peer, headerLength);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public static bool TryParse(byte[] bytes, [NotNullWhen(true)] out SealedKey? key)
    {
        key = null;
        if (bytes.Length is < 64 or > MaxLength || !bytes.AsSpan().StartsWith(Magic)) return false;
        var iterations = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(Magic.Length));
        var peerLength = bytes[TypeStart + 1];
        var headerLength = TypeStart + 2 + peerLength;
        if (iterations is < Keychain.MinIterations or > Keychain.MaxIterations || bytes.Length - headerLength <= TagSize) return false;
        if (bytes[TypeStart] > (byte)KeyType.Ecdsa || !PeerId.TryFromBytes(bytes.AsSpan(TypeStart + 2, peerLength), out var peer)) return false;
        key = new(bytes, iterations, (KeyType)bytes[TypeStart], peer, headerLength);
        return true;
    }

    public byte[] ToBytes() => _bytes;

    public KeychainEntry EntryOf(string name) => new(name, _peer, _type);

    /// <exception cref="KeychainException">The password is wrong, or the file was altered.</exception>
    public PrivateKey Open(string name, ReadOnlySpan<char> password)
    {
        var plain = new byte[_bytes.Length - _headerLength - TagSize];
        try
        {
            using var cipher = CipherOf(_bytes, _iterations, password);
            cipher.Decrypt(_bytes.AsSpan(NonceStart, NonceSize), _bytes.AsSpan(_headerLength, plain.Length), _bytes.AsSpan(_bytes.Length - TagSize), plain, _bytes.AsSpan(0, _headerLength));
            var key = PrivateKey.FromPkcs8(plain);
            if (key.Type == _type && _peer.Matches(key.PublicKey)) return key;
            key.Dispose();
            throw new KeychainException($"The file of the key '{name}' tells of another key than it holds.");
        }
        catch (Exception e) when (e is CryptographicException or KeyFormatException)
        {
            throw new KeychainException($"The password is not that of the key '{name}', or its file was altered.", e);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static AesGcm CipherOf(ReadOnlySpan<byte> header, int iterations, ReadOnlySpan<char> password)
    {
        Span<byte> key = stackalloc byte[KeySize];
        try
        {
            Rfc2898DeriveBytes.Pbkdf2(password, header.Slice(SaltStart, SaltSize), key, iterations, HashAlgorithmName.SHA256);
            return new AesGcm(key, TagSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
