namespace Libp2p;

/// <summary>Role: a plugin that knows how well it is off on this machine, as which library its ciphers come from. <c>libp2p doctor</c> asks all there are.</summary>
public interface ISelfCheck
{
    /// <summary>What there is to tell, in the order in which it is shown. Looks, and changes nothing; takes at most a second.</summary>
    IEnumerable<Finding> Check();
}

/// <summary>How a <see cref="Finding"/> is meant.</summary>
public enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and could be better or is good to know.</summary>
    Note,

    /// <summary>Something does not work, or is unsafe.</summary>
    Problem,
}

/// <summary>Something that was looked at, and how it is.</summary>
/// <param name="Subject">What, in a few words, as <c>X25519</c>.</param>
/// <param name="Level">How it is meant.</param>
/// <param name="Text">How it is, in one line.</param>
/// <param name="Remedy">What to do about it; null where nothing is to be done.</param>
public sealed record Finding(string Subject, FindingLevel Level, string Text, string? Remedy = null)
{
    /// <summary>All is well.</summary>
    public static Finding Ok(string subject, string text) => new(subject, FindingLevel.Ok, text);

    /// <summary>It works, and could be better or is good to know.</summary>
    public static Finding Note(string subject, string text, string? remedy = null) => new(subject, FindingLevel.Note, text, remedy);

    /// <summary>It does not work, or is unsafe.</summary>
    public static Finding Problem(string subject, string text, string remedy) => new(subject, FindingLevel.Problem, text, remedy);
}
