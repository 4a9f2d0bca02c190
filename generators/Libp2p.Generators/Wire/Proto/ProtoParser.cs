using System.Globalization;
using Libp2p.Generators.Diagnostics;
using Libp2p.Generators.Model;

namespace Libp2p.Generators.Wire.Proto;

/// <summary>
/// Reads the proto2 and proto3 languages as far as wire formats of libp2p need them: messages, enums, labels, oneofs, options. What it
/// does not support it says; services, reserved ranges and extension declarations change no encoding and are passed over.
/// </summary>
internal sealed partial class ProtoParser
{
    private readonly ProtoInput _input;
    private readonly ProtoLexer _lexer;
    private readonly List<DiagnosticInfo> _diagnostics = [];
    private readonly List<ProtoImport> _imports = [];
    private readonly List<ProtoMessage> _messages = [];
    private readonly List<ProtoEnum> _enums = [];
    private ProtoToken _token;
    private string _package = "";
    private string _namespace = "";
    private bool _isProto3;

    private ProtoParser(ProtoInput input)
    {
        _input = input;
        _lexer = new ProtoLexer(input.Path, input.Text);
        _token = _lexer.Next();
    }

    public static ProtoFile Parse(ProtoInput input, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var parser = new ProtoParser(input);
        try
        {
            parser.ParseFile();
        }
        catch (ProtoSyntaxException e)
        {
            // One syntax error a file: what follows it would only mislead.
            parser._diagnostics.Add(DiagnosticInfo.Create(WireDiagnostics.Syntax, e.Location, e.Message));
        }

        return new ProtoFile(
            input,
            parser._package,
            parser._isProto3,
            parser._namespace,
            parser._imports.ToEquatableArray(),
            parser._messages.ToEquatableArray(),
            parser._enums.ToEquatableArray(),
            parser._diagnostics.ToEquatableArray());
    }

    private void ParseFile()
    {
        while (_token.Kind != ProtoTokenKind.End)
        {
            var start = _token;
            switch (_token.Text)
            {
                case "syntax":
                    Take();
                    Expect("=");
                    var syntax = TakeText();
                    _isProto3 = syntax == "proto3";
                    if (syntax is not ("proto2" or "proto3"))
                    {
                        Unsupported($"Syntax '{syntax}'", "use proto2 or proto3", start.Location);
                    }

                    Expect(";");
                    break;
                case "edition":
                    Unsupported("'edition'", "use syntax = \"proto2\" or \"proto3\"", start.Location);
                    SkipStatement();
                    break;
                case "package":
                    Take();
                    _package = TakeName();
                    Expect(";");
                    break;
                case "import":
                    Take();
                    if (_token.Is("public") || _token.Is("weak"))
                    {
                        Take();
                    }

                    _imports.Add(new ProtoImport(_token.Text, _token.Location));
                    TakeText();
                    Expect(";");
                    break;
                case "option":
                    var option = ParseOptionStatement();
                    if (option.Name == "csharp_namespace")
                    {
                        _namespace = option.Value;
                    }

                    break;
                case "message":
                    _messages.Add(ParseMessage(_package));
                    break;
                case "enum":
                    _enums.Add(ParseEnum(_package));
                    break;
                case "service" or "extend":
                    SkipStatement();
                    break;
                case ";":
                    Take();
                    break;
                default:
                    throw Unexpected("a definition");
            }
        }
    }

    private ProtoMessage ParseMessage(string scope)
    {
        var comment = Take().Comment;
        var location = _token.Location;
        var name = TakeName();
        var fullName = Join(scope, name);
        var fields = new List<ProtoField>();
        var messages = new List<ProtoMessage>();
        var enums = new List<ProtoEnum>();
        var options = new List<ProtoOption>();
        Expect("{");
        while (!TryTake("}"))
        {
            switch (_token.Text)
            {
                case "message":
                    messages.Add(ParseMessage(fullName));
                    break;
                case "enum":
                    enums.Add(ParseEnum(fullName));
                    break;
                case "option":
                    options.Add(ParseOptionStatement());
                    break;
                case "oneof":
                    ParseOneof(fields);
                    break;
                case "reserved" or "extensions" or "extend":
                    SkipStatement();
                    break;
                case ";":
                    Take();
                    break;
                default:
                    ParseField(fields, oneof: null);
                    break;
            }
        }

        return new ProtoMessage(
            name,
            fullName,
            comment,
            location,
            fields.ToEquatableArray(),
            messages.ToEquatableArray(),
            enums.ToEquatableArray(),
            options.ToEquatableArray());
    }

    private void ParseOneof(List<ProtoField> fields)
    {
        Take();
        var name = TakeName();
        Expect("{");
        while (!TryTake("}"))
        {
            if (_token.Is("option"))
            {
                ParseOptionStatement();
            }
            else if (!TryTake(";"))
            {
                ParseField(fields, name);
            }
        }
    }

    private void ParseField(List<ProtoField> fields, string? oneof)
    {
        var comment = _token.Comment;
        var label = _token.Text switch
        {
            "optional" => ProtoLabel.Optional,
            "required" => ProtoLabel.Required,
            "repeated" => ProtoLabel.Repeated,
            _ => ProtoLabel.None,
        };
        if (label != ProtoLabel.None)
        {
            Take();
        }

        var typeLocation = _token.Location;
        if (_token.Is("group"))
        {
            Unsupported("A group", "use a message field", typeLocation);
            SkipStatement();
            return;
        }

        var type = TakeName();
        if (type == "map" && _token.Is("<"))
        {
            Unsupported("A map", "use a repeated message with fields 'key = 1' and 'value = 2', which has the same encoding", typeLocation);
            SkipStatement();
            return;
        }

        var location = _token.Location;
        var name = TakeName();
        Expect("=");
        var number = TakeNumber();
        var options = new List<ProtoOption>();
        if (TryTake("["))
        {
            do
            {
                options.Add(ParseOption());
            }
            while (TryTake(","));
            Expect("]");
        }

        Expect(";");
        if (label == ProtoLabel.None && oneof is null && !_isProto3)
        {
            throw new ProtoSyntaxException($"Field '{name}' needs 'optional', 'required' or 'repeated': this is proto2", location);
        }

        if (label == ProtoLabel.Required && _isProto3)
        {
            throw new ProtoSyntaxException($"Field '{name}' cannot be required: this is proto3", location);
        }

        fields.Add(new ProtoField(name, number, type, label, oneof, comment, options.ToEquatableArray(), location, typeLocation));
    }

    private ProtoEnum ParseEnum(string scope)
    {
        var comment = Take().Comment;
        var location = _token.Location;
        var name = TakeName();
        var values = new List<ProtoEnumValue>();
        Expect("{");
        while (!TryTake("}"))
        {
            switch (_token.Text)
            {
                case "option":
                    ParseOptionStatement();
                    break;
                case "reserved":
                    SkipStatement();
                    break;
                case ";":
                    Take();
                    break;
                default:
                    var valueComment = _token.Comment;
                    var value = TakeName();
                    Expect("=");
                    var number = TakeNumber();
                    if (TryTake("["))
                    {
                        while (!TryTake("]"))
                        {
                            Take();
                        }
                    }

                    Expect(";");
                    values.Add(new ProtoEnumValue(value, unchecked((int)number), valueComment));
                    break;
            }
        }

        if (values.Count == 0)
        {
            throw new ProtoSyntaxException($"Enum '{name}' has no value", location);
        }

        return new ProtoEnum(name, Join(scope, name), comment, location, values.ToEquatableArray());
    }

    private ProtoOption ParseOptionStatement()
    {
        Take();
        var option = ParseOption();
        Expect(";");
        return option;
    }

    private ProtoOption ParseOption()
    {
        var location = _token.Location;
        string name;
        if (TryTake("("))
        {
            name = "(" + TakeName() + ")";
            Expect(")");
            while (_token.Kind == ProtoTokenKind.Name && _token.Text[0] == '.')
            {
                name += Take().Text;
            }
        }
        else
        {
            name = TakeName();
        }

        Expect("=");
        if (_token.Is("{"))
        {
            SkipBlock();
            return new ProtoOption(name, "{}", location);
        }

        var value = Take();
        var text = value.Text;
        while (value.Kind == ProtoTokenKind.Text && _token.Kind == ProtoTokenKind.Text)
        {
            text += Take().Text;
        }

        return new ProtoOption(name, text, location);
    }

    private static string Join(string scope, string name) => scope.Length == 0 ? name : scope + "." + name;

    private long ParseNumber(string text)
    {
        var negative = text.StartsWith("-", StringComparison.Ordinal);
        var digits = negative ? text.Substring(1) : text;
        var parsed = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(digits.Substring(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            : long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return parsed ? (negative ? -value : value) : throw Unexpected("an integer");
    }
}
