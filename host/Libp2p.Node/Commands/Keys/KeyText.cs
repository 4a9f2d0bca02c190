using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Libp2p.Hosting;

namespace Libp2p.Node.Commands.Keys;

/// <summary>A private key as files and pipes carry it: the protobuf form (libp2p/specs, peer-ids), in base64 or as it is; or PEM, as other tools do, also under a password.</summary>
internal static class KeyText
{
    /// <summary>The longest text read, in bytes: the base64 of the longest identity file, and as much again of line ends.</summary>
    public const int MaxLength = 2 * IdentityFile.MaxLength;

    /// <summary>The first byte of every protobuf form: the tag of the key's type. No text begins with it.</summary>
    private const byte TypeTag = 0x08;

    /// <summary>Reads a key. The caller owns, and should zero, the text.</summary>
    /// <param name="text">One key, and white space.</param>
    /// <param name="source">What errors call it.</param>
    /// <param name="password">Of a key that is encrypted; empty where none was given.</param>
    /// <exception cref="CommandException">It is no key.</exception>
    public static PrivateKey Parse(ReadOnlySpan<byte> text, string source, ReadOnlySpan<char> password = default)
    {
        if (text.Length > MaxLength) throw NoKey(source, $"it is longer than {MaxLength} bytes.");
        if (text.IsEmpty) throw NoKey(source, "it is empty.");
        if (text[0] == TypeTag) return Decode(text, source);
        if (text.IndexOf("-----BEGIN"u8) >= 0) return Pem(text, source, password);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        try
        {
            if (Base64.DecodeFromUtf8(text, bytes, out _, out var written) != OperationStatus.Done) throw NoKey(source, "it is neither base64 nor protobuf.");
            return Decode(bytes.AsSpan(0, written), source);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The key in base64, as UTF-8. The caller owns, and should zero, the array.</summary>
    public static byte[] Format(PrivateKey key)
    {
        var bytes = key.ToProtobuf();
        try
        {
            var text = new byte[Base64.GetMaxEncodedToUtf8Length(bytes.Length)];
            Base64.EncodeToUtf8(bytes, text, out _, out _);
            return text;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The key in PEM, as UTF-8: PKCS#8, under a password where there is one. The caller owns, and should zero, the array.</summary>
    public static byte[] FormatPem(PrivateKey key, ReadOnlySpan<char> password)
    {
        if (!password.IsEmpty) return Encoding.ASCII.GetBytes(key.ToEncryptedPem(password));
        var pem = key.ToPem();
        var text = Encoding.ASCII.GetBytes(pem);
        pem.AsSpan().Clear();
        return text;
    }

    private static PrivateKey Pem(ReadOnlySpan<byte> text, string source, ReadOnlySpan<char> password)
    {
        var pem = new char[text.Length];
        try
        {
            Encoding.Latin1.GetChars(text, pem);
            return PrivateKey.FromPem(pem, password);
        }
        catch (KeyFormatException e) when (e.Message.Contains("password", StringComparison.Ordinal))
        {
            throw new CommandException($"{source}: {e.Message}", "give the password of the key with --password-file FILE.", e);
        }
        catch (KeyFormatException e)
        {
            throw NoKey(source, e.Message, e);
        }
        finally
        {
            pem.AsSpan().Clear();
        }
    }

    private static PrivateKey Decode(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            return PrivateKey.FromProtobuf(bytes);
        }
        catch (KeyFormatException e)
        {
            throw NoKey(source, e.Message, e);
        }
    }

    private static CommandException NoKey(string source, string why, Exception? inner = null) => new(
        $"{source} holds no private key: {why}", "give the key's protobuf form, in base64 or as it is, or PEM; 'libp2p keys export' prints one.", inner);
}
