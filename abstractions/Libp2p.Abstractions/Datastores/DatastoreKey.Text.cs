using System.Text;

namespace Libp2p;

/// <content>From text and bytes, and back.</content>
public readonly partial struct DatastoreKey
{
    // What is longer cannot become a key by cleaning that anybody means.
    private const int MaxSource = 4 * MaxLength;

    private static readonly string Rule =
        $"components behind slashes, none of them '.' or '..' (go and js read those differently), together at most {MaxLength} bytes";

    /// <summary>The key of a text, cleaned: a leading slash is added, others that are not needed are dropped. Empty text is the root.</summary>
    /// <exception cref="FormatException">A component <c>.</c> or <c>..</c>, or longer than <see cref="MaxLength"/>.</exception>
    public static DatastoreKey Parse(string text) => TryParse(text, out var key) ? key : throw new FormatException($"'{Shorten(text)}' is no datastore key: {Rule}.");

    /// <summary>The key of a text; false where <see cref="Parse"/> throws.</summary>
    public static bool TryParse(string text, out DatastoreKey key)
    {
        ArgumentNullException.ThrowIfNull(text);
        key = default;
        if (text.Length > MaxSource) return false;
        Span<byte> bytes = stackalloc byte[512];
        if (!Encoding.UTF8.TryGetBytes(text, bytes, out var length))
        {
            bytes = Encoding.UTF8.GetBytes(text);
            length = bytes.Length;
        }

        return TryFromBytes(bytes[..length], out key);
    }

    /// <summary>The key of bytes, cleaned like text; copied.</summary>
    /// <exception cref="FormatException">A component <c>.</c> or <c>..</c>, or longer than <see cref="MaxLength"/>.</exception>
    public static DatastoreKey FromBytes(ReadOnlySpan<byte> bytes) => TryFromBytes(bytes, out var key) ? key : throw new FormatException($"{bytes.Length} bytes are no datastore key: {Rule}.");

    /// <summary>The key of bytes; false where <see cref="FromBytes"/> throws.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out DatastoreKey key)
    {
        key = default;
        if (bytes.Length > MaxSource) return false;
        Span<byte> clean = stackalloc byte[MaxLength];
        var length = 0;
        while (true)
        {
            bytes = bytes.TrimStart(Slash);
            if (bytes.IsEmpty) break;
            var end = bytes.IndexOf(Slash);
            var component = end < 0 ? bytes : bytes[..end];
            if (component.SequenceEqual("."u8) || component.SequenceEqual(".."u8) || length + 1 + component.Length > MaxLength) return false;
            clean[length++] = Slash;
            component.CopyTo(clean[length..]);
            length += component.Length;
            bytes = bytes[component.Length..];
        }

        key = length == 0 ? Root : new(clean[..length].ToArray());
        return true;
    }

    /// <summary>The key of a text.</summary>
    /// <exception cref="FormatException">No key: see <see cref="Parse"/>.</exception>
    public static implicit operator DatastoreKey(string text) => Parse(text);

    /// <summary>The key as text; bytes that are not UTF-8 show as replacement characters.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);

    private static string Shorten(string text) => text.Length <= 80 ? text : $"{text[..80]}…";
}
