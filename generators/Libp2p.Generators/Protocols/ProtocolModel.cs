using Libp2p.Generators.Model;

namespace Libp2p.Generators.Protocols;

/// <summary>A type and the protocol ids it speaks.</summary>
/// <param name="NeedsProtocols">It is a handler whose <c>Protocols</c> the user did not write.</param>
/// <param name="NeedsProtocol">It is a channel or muxer whose <c>Protocol</c> the user did not write.</param>
internal sealed record ProtocolModel(TypeDeclaration Type, EquatableArray<string> Ids, bool NeedsProtocols, bool NeedsProtocol);

/// <summary>One use of an id, to find those used twice.</summary>
internal sealed record ProtocolUse(string Id, string Type, LocationInfo? Location);

/// <summary>What one declaration gave: a model if it is sound, and its ids either way.</summary>
internal sealed record ProtocolResult(ProtocolModel? Model, EquatableArray<ProtocolUse> Uses, EquatableArray<DiagnosticInfo> Diagnostics);
