using System.Text;

namespace Libp2p;

/// <summary>
/// The key of a value in an <see cref="IDatastore"/>: components behind slashes, as <c>/peers/12D3Koo…</c>. Always clean: one leading slash, none at the end, none doubled. Ordered and
/// compared by its bytes, UTF-8 where it was made of text. Immutable; holds one array. The default is <see cref="Root"/>.
/// </summary>
public readonly partial struct DatastoreKey : IEquatable<DatastoreKey>, IComparable<DatastoreKey>
{
    /// <summary>The longest key, in bytes, slashes included.</summary>
    public const int MaxLength = 1024;

    private const byte Slash = (byte)'/';

    private static readonly byte[] RootBytes = [Slash];

    private readonly byte[]? _bytes; // null: the root

    private DatastoreKey(byte[]? bytes) => _bytes = bytes;

    /// <summary><c>/</c>: what every other key is below. It holds no value.</summary>
    public static DatastoreKey Root => default;

    /// <summary>Whether it is <see cref="Root"/>.</summary>
    public bool IsRoot => _bytes is null;

    /// <summary>The key in bytes, from its leading slash on; not to be changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ?? RootBytes;

    /// <summary>The key in bytes, from its leading slash on.</summary>
    public ReadOnlySpan<byte> Span => _bytes ?? RootBytes;

    /// <summary>How many bytes it has; 1 to <see cref="MaxLength"/>.</summary>
    public int Length => (_bytes ?? RootBytes).Length;

    /// <summary>The last component as text; empty for the root.</summary>
    public string Name => Encoding.UTF8.GetString(Span[(Span.LastIndexOf(Slash) + 1)..]);

    /// <summary>The key without its last component; the root's is the root.</summary>
    public DatastoreKey Parent => Span.LastIndexOf(Slash) is > 0 and var end ? new(Span[..end].ToArray()) : Root;

    /// <summary>The key below this one that a text names: one component, or several with slashes between.</summary>
    /// <exception cref="FormatException">No key: see <see cref="Parse"/>.</exception>
    public DatastoreKey Child(string name) => Child(Parse(name));

    /// <summary>Another key, moved below this one.</summary>
    /// <exception cref="FormatException">Together they are longer than <see cref="MaxLength"/>.</exception>
    public DatastoreKey Child(DatastoreKey relative)
    {
        if (IsRoot) return relative;
        if (relative.IsRoot) return this;
        if (Length + relative.Length > MaxLength) throw new FormatException($"A datastore key has at most {MaxLength} bytes; {this} and {relative} have {Length + relative.Length}.");
        var bytes = new byte[Length + relative.Length];
        Span.CopyTo(bytes);
        relative.Span.CopyTo(bytes.AsSpan(Length));
        return new(bytes);
    }

    /// <summary>Whether it is below another: has it and a slash in front. No key is below itself.</summary>
    public bool IsBelow(DatastoreKey ancestor) =>
        ancestor.IsRoot ? !IsRoot : Length > ancestor.Length && Span[ancestor.Length] == Slash && Span.StartsWith(ancestor.Span);

    /// <summary>What is left of it below another.</summary>
    /// <exception cref="ArgumentException">It is not below that.</exception>
    public DatastoreKey RelativeTo(DatastoreKey ancestor) =>
        ancestor.IsRoot ? this : IsBelow(ancestor) ? new(Span[ancestor.Length..].ToArray()) : throw new ArgumentException($"{this} is not below {ancestor}.", nameof(ancestor));

    /// <summary>For stores: refuses the root, which holds no value.</summary>
    /// <exception cref="ArgumentException">It is the root.</exception>
    public void ThrowIfRoot(string? parameter = null)
    {
        if (IsRoot) throw new ArgumentException("The root holds no value: name a key below it, as /name.", parameter);
    }

    /// <summary>By bytes, unsigned, the shorter first where one begins with the other.</summary>
    public int CompareTo(DatastoreKey other) => Span.SequenceCompareTo(other.Span);

    /// <inheritdoc/>
    public bool Equals(DatastoreKey other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DatastoreKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Equality.</summary>
    public static bool operator ==(DatastoreKey left, DatastoreKey right) => left.Equals(right);

    /// <summary>Inequality.</summary>
    public static bool operator !=(DatastoreKey left, DatastoreKey right) => !left.Equals(right);

    /// <summary>Order.</summary>
    public static bool operator <(DatastoreKey left, DatastoreKey right) => left.CompareTo(right) < 0;

    /// <summary>Order.</summary>
    public static bool operator >(DatastoreKey left, DatastoreKey right) => left.CompareTo(right) > 0;

    /// <summary>Order.</summary>
    public static bool operator <=(DatastoreKey left, DatastoreKey right) => left.CompareTo(right) <= 0;

    /// <summary>Order.</summary>
    public static bool operator >=(DatastoreKey left, DatastoreKey right) => left.CompareTo(right) >= 0;
}
