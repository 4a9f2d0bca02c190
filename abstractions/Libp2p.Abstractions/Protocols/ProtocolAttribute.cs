namespace Libp2p;

/// <summary>
/// A protocol id of a partial class that is an <see cref="IProtocolHandler"/>, <see cref="ISecurityChannel"/> or <see cref="IStreamMuxer"/>. The
/// generator adds <c>static ProtocolId ProtocolId</c> (where there is one id), <c>static ImmutableArray&lt;ProtocolId&gt; ProtocolIds</c>, and the property that the
/// interface asks for. A handler may have several, in order of preference.
/// </summary>
/// <param name="id">Starts with '/', has no newline and at most <see cref="ProtocolId.MaxLength"/> bytes of UTF-8.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ProtocolAttribute(string id) : Attribute
{
    /// <summary>The id.</summary>
    public string Id { get; } = id;
}
