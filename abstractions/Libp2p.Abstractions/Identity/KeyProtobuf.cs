using System.Security.Cryptography;
using Libp2p.Wire;

namespace Libp2p;

/// <summary>The protobuf form of keys (libp2p/specs, peer-ids): <c>Type</c> = 1 and <c>Data</c> = 2, both required.</summary>
internal static class KeyProtobuf
{
    /// <summary>Writes a public key: fields in order, shortest varints, nothing else.</summary>
    public static byte[] EncodePublic(KeyType type, ReadOnlyMemory<byte> data) =>
        new Wire.Schemas.PublicKey { Type = (Wire.Schemas.KeyType)type, Data = data }.ToArray();

    /// <summary>Writes a private key, and zeroes the data.</summary>
    public static byte[] EncodePrivate(KeyType type, byte[] data)
    {
        var bytes = new Wire.Schemas.PrivateKey { Type = (Wire.Schemas.KeyType)type, Data = data }.ToArray();
        CryptographicOperations.ZeroMemory(data);
        return bytes;
    }

    /// <summary>Finds type and data of a public key; the data is a slice of the input.</summary>
    /// <exception cref="KeyFormatException">Not such a message.</exception>
    public static ReadOnlySpan<byte> DecodePublic(ReadOnlySpan<byte> bytes, out KeyType type)
    {
        if (!Wire.Schemas.PublicKey.View.TryParse(bytes, out var view, out var error)) throw NotAKey(error);
        type = (KeyType)view.Type;
        return view.Data;
    }

    /// <summary>Finds type and data of a private key; the data is a slice of the input.</summary>
    /// <exception cref="KeyFormatException">Not such a message.</exception>
    public static ReadOnlySpan<byte> DecodePrivate(ReadOnlySpan<byte> bytes, out KeyType type)
    {
        if (!Wire.Schemas.PrivateKey.View.TryParse(bytes, out var view, out var error)) throw NotAKey(error);
        type = (KeyType)view.Type;
        return view.Data;
    }

    private static KeyFormatException NotAKey(WireError error)
    {
        var cause = new WireFormatException(error, "key");
        return new($"Not a key: {cause.Message}.", cause);
    }
}
