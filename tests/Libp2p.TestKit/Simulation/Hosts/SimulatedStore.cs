using System.Diagnostics.CodeAnalysis;

namespace Libp2p.TestKit;

/// <summary>
/// A disk: bytes by key, which outlive a crash once they were flushed. What was written after the last flush may be there after a crash or not: the seed decides write by write, in
/// order, from some write on none.
/// </summary>
public sealed class SimulatedStore
{
    private readonly SortedDictionary<string, byte[]> _durable = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _seen = new(StringComparer.Ordinal);
    private readonly List<(string Key, byte[]? Value)> _unflushed = [];

    /// <summary>The keys, in ordinal order.</summary>
    public IReadOnlyCollection<string> Keys => _seen.Keys;

    /// <summary>Writes; not durable before <see cref="Flush"/>.</summary>
    public void Put(string key, ReadOnlySpan<byte> value)
    {
        var copy = value.ToArray();
        _seen[key] = copy;
        _unflushed.Add((key, copy));
    }

    /// <summary>Removes; not durable before <see cref="Flush"/>.</summary>
    public bool Remove(string key)
    {
        if (!_seen.Remove(key)) return false;
        _unflushed.Add((key, null));
        return true;
    }

    /// <summary>Reads.</summary>
    public bool TryGet(string key, [MaybeNullWhen(false)] out ReadOnlyMemory<byte> value)
    {
        var found = _seen.TryGetValue(key, out var bytes);
        value = bytes;
        return found;
    }

    /// <summary>Makes what was written durable.</summary>
    public void Flush() => Keep(_unflushed.Count);

    internal void Crash(RandomSource random)
    {
        if (_unflushed.Count == 0) return;
        Keep(random.Next(_unflushed.Count + 1));
        _seen.Clear();
        foreach (var (key, value) in _durable) _seen.Add(key, value);
    }

    private void Keep(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (_unflushed[i].Value is { } value) _durable[_unflushed[i].Key] = value;
            else _durable.Remove(_unflushed[i].Key);
        }

        _unflushed.Clear();
    }
}
