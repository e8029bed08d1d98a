"""The register of delegations: parties and terms, and events that are only added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


CREATE = """
CREATE TRIGGER identity_delegation_event_append_only BEFORE UPDATE OR DELETE ON identity_delegationevent
    FOR EACH ROW EXECUTE FUNCTION identity_append_only();
"""
DROP = "DROP TRIGGER identity_delegation_event_append_only ON identity_delegationevent;"


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_received_signatures'),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=60, verbose_name='種類')),
                ('principal_name', models.CharField(max_length=200, verbose_name='本人の氏名')),
                ('principal_kana', models.CharField(blank=True, default='', max_length=200, verbose_name='本人の氏名（かな）')),
                ('born_on', models.DateField(blank=True, null=True, verbose_name='本人の生年月日')),
                ('delegate_name', models.CharField(blank=True, default='', max_length=200, verbose_name='代理人の氏名')),
                ('number', models.CharField(blank=True, default='', max_length=40, verbose_name='登録番号')),
                ('facility', models.CharField(blank=True, default='', max_length=200, verbose_name='施設の名前')),
                ('scope', models.CharField(max_length=10, verbose_name='範囲')),
                ('scope_values', models.JSONField(default=list, verbose_name='範囲の手続・分野')),
                ('valid_from', models.DateField(verbose_name='始まる日')),
                ('valid_to', models.DateField(blank=True, null=True, verbose_name='終わる日')),
                ('code_hash', models.CharField(blank=True, default='', max_length=64)),
                ('created_at', models.DateTimeField()),
                ('delegate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to=settings.AUTH_USER_MODEL)),
                ('principal', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '代理',
                'verbose_name_plural': '代理',
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='DelegationEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
                ('actor_ref', models.CharField(max_length=80)),
                ('reason', models.CharField(blank=True, default='', max_length=500)),
                ('papers', models.JSONField(default=list)),
                ('delegation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='identity.delegation')),
            ],
            options={
                'verbose_name': '代理の出来事',
                'verbose_name_plural': '代理の出来事',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.UniqueConstraint(condition=models.Q(('code_hash', ''), _negated=True), fields=('code_hash',), name='identity_delegation_code'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('principal__isnull', True), ('delegate__isnull', True), models.Q(('principal', models.F('delegate')), _negated=True), _connector='OR'), name='identity_delegation_two_people'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
