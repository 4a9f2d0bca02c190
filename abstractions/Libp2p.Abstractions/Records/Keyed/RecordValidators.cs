using System.Diagnostics.CodeAnalysis;

namespace Libp2p;

/// <summary>One validator a namespace, as one: a key of a namespace without a validator may not hold anything, or peers could fill a node with what nobody can check.</summary>
/// <param name="validators">Asked each time, so that validators may come and go; of two for a namespace the first counts.</param>
public sealed class RecordValidators(Func<IReadOnlyList<IRecordValidator>> validators)
{
    /// <summary>Validators that stay the same.</summary>
    public RecordValidators(params IReadOnlyList<IRecordValidator> validators)
        : this(() => validators)
    {
    }

    /// <summary>Validators of the namespaces that libp2p itself has: <c>/pk/</c>, the public keys of peers, and <c>/ipns/</c>, what names point to.</summary>
    public static IReadOnlyList<IRecordValidator> Standard { get; } = [new PublicKeyValidator(), new IpnsValidator()];

    /// <summary>The validator of a namespace; null where there is none.</summary>
    public IRecordValidator? Find(string @namespace)
    {
        foreach (var validator in validators())
        {
            if (validator.Namespace == @namespace) return validator;
        }

        return null;
    }

    /// <summary>Whether a record may stand under its key, at this time.</summary>
    public bool Validate(DhtRecord record, DateTimeOffset now, [NotNullWhen(false)] out string? why)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Find(record.Key.Namespace) is { } validator) return validator.Validate(record, now, out why);
        why = Unknown(record.Key);
        return false;
    }

    /// <summary>The index of the best of several values, each of which may stand under the key.</summary>
    /// <exception cref="RecordException">Nothing here knows the namespace.</exception>
    public int Select(RecordKey key, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        var validator = Find(key.Namespace) ?? throw new RecordException(Unknown(key));
        return validator.Select(key, values);
    }

    private static string Unknown(RecordKey key) => key.Namespace.Length == 0 ? "The key of the record has no namespace." : $"Nothing here validates records of /{key.Namespace}/.";
}
